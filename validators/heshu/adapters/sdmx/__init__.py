"""SDMX: data in SDMX-CSV with their structure, and back (ISO 17369; SDMX-CSV 1.0 and 2.0, SDMX-ML 2.1 and 3.0).

``structure`` reads structure messages with sdmx1, ``reading`` makes datasets, ``writing`` writes them. Data are read by
our own reader of CSV, because an observation is the text that was printed: 13214.40 is more precise than 13214.4.
"""
