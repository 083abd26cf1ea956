package main

import (
	"fmt"
	"runtime/debug"
)

type versionCommand struct{}

// Run prints the module's version and the commit it was built from.
func (versionCommand) Run(s streams) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		_, err := fmt.Fprintln(s.out, "kontor (unknown)")
		return err
	}
	revision := "unknown"
	for _, x := range info.Settings {
		if x.Key == "vcs.revision" {
			revision = x.Value
		}
	}
	_, err := fmt.Fprintf(s.out, "kontor %s, commit %s, %s\n", info.Main.Version, revision, info.GoVersion)
	return err
}
