module github.com/kestrel-jobs/kestrel/clients/go

go 1.23
