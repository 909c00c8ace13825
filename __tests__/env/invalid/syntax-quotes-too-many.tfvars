# syntax-quotes-too-many.tfvars:2: syntax: Invalid multi-line string; Quoted strings may not be split over multiple lines. To produce a multi-line string, either use the \n escape to represent a newline character or use the "heredoc" multi-line template syntax.
project = "lake""
