"""The lake's ingest job: raw objects of one source become Snappy Parquet, day by day."""
