# sources-layout-unknown.tfvars:3: sources.flights.layout: expected "iceberg" or "parquet"; got "hudi". Set sources.flights.layout = "iceberg" or sources.flights.layout = "parquet"
sources = {
  flights = { format = "json", layout = "hudi" }
}
