# bound-emr-worker-disk-too-high.tfvars:2: emr_worker_disk: expected a whole number of GB from 20 to 200; got 201. Set emr_worker_disk = 200
emr_worker_disk = 201
