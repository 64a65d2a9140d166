module braid/lab/pause

go 1.24
