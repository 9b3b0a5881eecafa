package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   a.lang.Text("cmd.version.short"),
		Example: a.lang.Text("cmd.version.example"),
		RunE: func(*cobra.Command, []string) error {
			v, installed := version(), thisInstallation()
			if a.json {
				printJSON(a.out, map[string]string{
					"version": v, "go": runtime.Version(), "os": runtime.GOOS, "arch": runtime.GOARCH,
					"installed_by": installed.By, "path": installed.Path,
				})
				return nil
			}
			_, err := fmt.Fprintf(a.out, "cozejwt %s %s %s/%s\n%s: %s\n", v, runtime.Version(), runtime.GOOS, runtime.GOARCH,
				a.lang.Text("installed."+installed.By), installed.Path)
			return err
		},
	}
}

// version is what the build recorded: a tag, or "(devel)".
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
