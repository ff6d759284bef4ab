module istio-backstage/lab/app

go 1.26
