"""The same score over millions: a fold in SQL, the policy in Narwhals, on DuckDB or Spark. Knows no Django."""
