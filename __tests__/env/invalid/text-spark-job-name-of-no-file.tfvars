# text-spark-job-name-of-no-file.tfvars:2: spark_job_name: no elt.py in jobs/; there is: etl.py. Set spark_job_name = "etl.py"
spark_job_name = "elt.py"
