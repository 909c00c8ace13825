# text-emr-release-label.tfvars:2: emr_release_label: expected an EMR release, such as emr-7.12.0; got "7.12.0". Correct it, or remove it for the default, "emr-7.12.0"
emr_release_label = "7.12.0"
