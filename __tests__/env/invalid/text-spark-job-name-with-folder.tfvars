# text-spark-job-name-with-folder.tfvars:2: spark_job_name: expected a Python file in jobs/; got "jobs/etl.py". Correct it, or remove it for the default, "etl.py"
spark_job_name = "jobs/etl.py"
