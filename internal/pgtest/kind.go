package pgtest

import (
	"os"
	"syscall"
)

// Kind says what a server of our own is good for.
type Kind int

const (
	// Forgetful servers keep their data in memory where they can, and lose it with the machine: several times faster
	// to write, and what tests want.
	Forgetful Kind = iota
	// Durable servers keep their data on disk, and a committed transaction survives a crash, as in production: what
	// benchmarks want.
	Durable
)

// settings returns the options of the server's command line.
func (k Kind) settings() string {
	common := " -c listen_addresses=127.0.0.1 -c max_connections=200"
	if k == Durable {
		return common
	}
	return common + " -c fsync=off -c synchronous_commit=off -c full_page_writes=off" +
		" -c shared_buffers=64MB -c max_wal_size=64MB"
}

// parentFolder returns where the server's folder shall be made. Making a database makes 300 files, which takes 30 ms
// in memory and up to ten times as long on disk.
func (k Kind) parentFolder() string {
	const memory, enough = "/dev/shm", 1 << 30
	var free syscall.Statfs_t
	if k == Forgetful && syscall.Statfs(memory, &free) == nil && free.Bavail*uint64(free.Bsize) >= enough {
		return memory
	}
	return os.TempDir()
}
