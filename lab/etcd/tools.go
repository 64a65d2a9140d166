//go:build tools

// Package etcd pins the etcd server that the lab builds: with its own go.mod, since etcd's cannot be installed by `go install`.
package etcd

import _ "go.etcd.io/etcd/server/v3"
