# bound-emr-worker-disk-too-low.tfvars:2: emr_worker_disk: expected a whole number of GB from 20 to 200; got 19. Set emr_worker_disk = 20
emr_worker_disk = 19
