package agent

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"runtime"
	"strings"
)

// manifest says which file of a package is for which machine. Source: User
// Guide, "Create a package (advanced)".
type manifest struct {
	SchemaVersion string                                                 `json:"schemaVersion"`
	Version       string                                                 `json:"version"`
	Packages      map[string]map[string]map[string]struct{ File string } `json:"packages"`
	Files         map[string]struct {
		Checksums map[string]string `json:"checksums"`
		Size      json.Number       `json:"size"`
	} `json:"files"`
}

// readManifest reads a manifest and refuses what could not be installed.
func readManifest(text string) (manifest, error) {
	var m manifest
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return m, fmt.Errorf("failed to parse manifest: %w", err)
	}
	switch {
	case m.SchemaVersion != "2.0":
		return m, fmt.Errorf("failed to parse manifest: the schemaVersion %q is not known", m.SchemaVersion)
	case m.Version == "":
		return m, errors.New("failed to parse manifest: there is no version")
	case len(m.Packages) == 0:
		return m, errors.New("failed to parse manifest: there are no packages")
	}
	for name, f := range m.Files {
		if name == "" || name != path.Base(name) || strings.ContainsAny(name, "\\\x00") {
			return m, fmt.Errorf("failed to parse manifest: %q is no file's name", name)
		}
		sum, err := hex.DecodeString(f.Checksums["sha256"])
		if err != nil || len(sum) != 32 {
			return m, fmt.Errorf("failed to parse manifest: %s has no sha256", name)
		}
	}
	return m, nil
}

// pick chooses the file for a platform, a version of it and an architecture;
// the names are those of the SSM Agent, "_any" fits all.
func (m manifest) pick(platform, version, arch string) (name string, err error) {
	versions, ok := m.Packages[platform]
	if !ok {
		versions, ok = m.Packages["_any"]
	}
	if !ok {
		return "", fmt.Errorf("failed to find platform: no manifest found for platform: %s, version %s, architecture %s", platform, version, arch)
	}
	architectures, ok := versions[bestVersion(version, versions)]
	if !ok {
		return "", fmt.Errorf("failed to find platform: no manifest found for platform: %s, version %s, architecture %s", platform, version, arch)
	}
	info, ok := architectures[arch]
	if !ok {
		info, ok = architectures["_any"]
	}
	if !ok {
		return "", fmt.Errorf("failed to find platform: no manifest found for platform: %s, version %s, architecture %s", platform, version, arch)
	}
	if _, ok := m.Files[info.File]; !ok {
		return "", fmt.Errorf("failed to find file for %s", info.File)
	}
	return info.File, nil
}

// bestVersion is the key that fits a version best: itself, the longest
// beginning that ends in ".*", or "_any".
func bestVersion[T any](version string, all map[string]T) string {
	if _, ok := all[version]; ok {
		return version
	}
	best := ""
	for key := range all {
		beginning, ok := strings.CutSuffix(key, ".*")
		if ok && (version == beginning || strings.HasPrefix(version, beginning+".")) && len(key) > len(best) {
			best = key
		}
	}
	if best != "" {
		return best
	}
	if _, ok := all["_any"]; ok {
		return "_any"
	}
	return "*"
}

// architecture is this machine's in the words of manifests.
func architecture() string {
	switch runtime.GOARCH {
	case "amd64":
		return "x86_64"
	case "386":
		return "i386"
	}
	return runtime.GOARCH // arm64
}

// platformKey is this machine's platform in the words of manifests: the ID of
// os-release(5), as AWS lists them under "Supported package platforms".
func platformKey(id string) string {
	switch id {
	case "amzn":
		return "amazon"
	case "rhel":
		return "redhat"
	case "ol":
		return "oracle"
	case "sles", "opensuse-leap", "opensuse":
		return "suse"
	}
	return id
}
