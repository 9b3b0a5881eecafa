package formats

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cozejwt/internal/boundedfile"
	"cozejwt/internal/coze"
	"cozejwt/internal/credentials"
)

// configFolders are where a project has its configurations, beside its root.
var configFolders = []string{"", "config", filepath.Join("src", "main", "resources")}

// NamingOtherRegion returns the file of a project that has an App ID beside the API base of another
// region than base, "" for none. The .env at skip is not looked at.
func NamingOtherRegion(dir, skip, appID, base string) string {
	region := coze.RegionOf(base)
	if appID == "" || region != coze.CN && region != coze.COM {
		return ""
	}
	other := func(set credentials.Set) bool {
		named, err := coze.ParseBase(set.APIBase)
		is := coze.RegionOf(named)
		return err == nil && set.AppID == appID && is != region && (is == coze.CN || is == coze.COM)
	}
	for _, path := range credentials.Files(dir) {
		if held, err := credentials.Load(path); err == nil && path != skip && other(held.Set) {
			return path
		}
	}
	for _, path := range configs(dir) {
		data, err := boundedfile.Read(path, 128<<10) // far above a configuration
		if err != nil {
			continue
		}
		read, _ := Read(path, data, nil) // the sets that are there, complete or not
		if slices.ContainsFunc(read.Sets, func(f Found) bool { return other(f.Set) }) {
			return path
		}
	}
	return ""
}

// configs are the configurations of a project that can hold credentials.
func configs(dir string) []string {
	var paths []string
	for _, folder := range configFolders {
		entries, _ := os.ReadDir(filepath.Join(dir, folder))
		for _, e := range entries {
			name := strings.ToLower(e.Name())
			if e.Type().IsRegular() && (strings.HasPrefix(name, "application") || strings.Contains(name, "coze")) &&
				slices.Contains([]string{".yml", ".yaml", ".properties", ".json", ".toml"}, filepath.Ext(name)) {
				paths = append(paths, filepath.Join(dir, folder, e.Name()))
			}
		}
	}
	return paths
}
