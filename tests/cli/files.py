"""Small files of leads and signals that tell one story: Nina asked for a demo, Omar only looked, Pia is unknown."""

LEADS = """lead_id,email,name,title,company,employees,industry,country,budget,visitor_id,source
L1,Nina@North.example,Nina North,Head of Operations,North,120,Software,FR,20000,v-nina,Website
L2,omar@oak.example,Omar Oak,Analyst,Oak,80,Logistics,DE,15000,,Website
L3,pia@pine.example,Pia Pine,,Pine,,,,,,Website
"""

SIGNALS = """message_id,at,kind,lead_id,email,visitor_id
m1,2026-11-03T09:00:00Z,demo_request,L1,,
m2,2026-11-02T09:00:00Z,pricing_view,,nina@north.example,
m3,2026-11-01T09:00:00Z,page_view,,,v-nina
m4,2026-11-03T10:00:00Z,page_view,L2,,
"""
