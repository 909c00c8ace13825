# name-project-too-long.tfvars:2: project: the rule name "ppppppppppppppppppppppppppppppppppppppppppp-raw-object-created-it" has 65 characters, AWS allows 64. Shorten project by 1
project = "ppppppppppppppppppppppppppppppppppppppppppp"
