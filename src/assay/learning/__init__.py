"""What outcomes teach about single leads: a calibrated chance of a win, beside the rule and never instead of it.

Learning needs scikit-learn, the extra ``learn``; what was learned is plain numbers, and applying it needs only numpy.
"""
