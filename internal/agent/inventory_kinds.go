package agent

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

const stampOfInventory = "2006-01-02T15:04:05Z"

// tool runs a tool of the node and returns what it prints; nothing where the
// tool is not there.
func (a *agent) tool(ctx context.Context, program string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = append([]string{"LC_ALL=C"}, a.cfg.Environment...)
	out, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", program, err)
	}
	return string(out), nil
}

// gatherApplications asks the package databases.
func gatherApplications(ctx context.Context, a *agent, _ string) ([]map[string]string, error) {
	const dpkg = "${db:Status-Abbrev}\t${Package}\t${Version}\t${Architecture}\t${Section}\t${Maintainer}\t${Homepage}\t${binary:Summary}\n"
	text, err := a.tool(ctx, "dpkg-query", "-W", "-f", dpkg)
	if err != nil {
		return nil, err
	}
	out := readDpkg(text, listTime)
	const rpm = "%{NAME}\t%{EPOCHNUM}\t%{VERSION}\t%{RELEASE}\t%{ARCH}\t%{GROUP}\t%{VENDOR}\t%{URL}\t%{INSTALLTIME}\t%{SUMMARY}\n"
	if text, err = a.tool(ctx, "rpm", "-qa", "--qf", rpm); err != nil {
		return nil, err
	}
	return append(out, readRPM(text)...), nil
}

// listTime is when dpkg wrote a package's list of files.
func listTime(name, arch string) string {
	for _, file := range []string{name + ".list", name + ":" + arch + ".list"} {
		if info, err := os.Stat(filepath.Join("/var/lib/dpkg/info", file)); err == nil {
			return info.ModTime().UTC().Format(stampOfInventory)
		}
	}
	return ""
}

func readDpkg(text string, since func(name, arch string) string) []map[string]string {
	var out []map[string]string
	for l := range strings.Lines(text) {
		f := strings.Split(strings.TrimRight(l, "\n"), "\t")
		if len(f) != 8 || !strings.HasPrefix(f[0], "ii") && !strings.HasPrefix(f[0], "hi") {
			continue
		}
		epoch, version, release := cutDebian(f[2])
		out = append(out, entry(map[string]string{
			"Name": f[1], "Version": version, "Release": release, "Epoch": epoch, "Architecture": machineName(f[3]), "ApplicationType": f[4],
			"Publisher": f[5], "URL": f[6], "Summary": f[7], "InstalledTime": since(f[1], f[3]),
			"PackageId": f[1] + "_" + f[2] + "_" + f[3] + ".deb",
		}))
	}
	return out
}

func readRPM(text string) []map[string]string {
	var out []map[string]string
	for l := range strings.Lines(text) {
		f := strings.Split(strings.TrimRight(l, "\n"), "\t")
		if len(f) != 10 {
			continue
		}
		at := ""
		if n, err := strconv.ParseInt(f[8], 10, 64); err == nil {
			at = time.Unix(n, 0).UTC().Format(stampOfInventory)
		}
		out = append(out, entry(map[string]string{
			"Name": f[0], "Epoch": f[1], "Version": f[2], "Release": f[3], "Architecture": f[4], "ApplicationType": f[5], "Publisher": f[6],
			"URL": f[7], "InstalledTime": at, "Summary": f[9], "PackageId": f[0] + "-" + f[2] + "-" + f[3] + "." + f[4] + ".rpm",
		}))
	}
	return out
}

// cutDebian cuts a Debian version: [epoch:]upstream[-revision].
func cutDebian(s string) (epoch, version, release string) {
	if before, after, ok := strings.Cut(s, ":"); ok {
		epoch, s = before, after
	}
	if i := strings.LastIndexByte(s, '-'); i >= 0 {
		return epoch, s[:i], s[i+1:]
	}
	return epoch, s, ""
}

// machineName is AWS's word for a Debian architecture.
func machineName(s string) string {
	if s == "amd64" {
		return "x86_64"
	}
	return s
}

// entry leaves out what is empty or not known, and cuts what is too long for
// the type.
func entry(of map[string]string) map[string]string {
	for k, v := range of {
		if v == "" || v == "(none)" {
			delete(of, k)
		} else if len(v) > 4000 {
			of[k] = strings.ToValidUTF8(v[:4000], "")
		}
	}
	return of
}

// gatherComponents tells of this agent, the one component of Systems Manager
// that is here for certain.
func gatherComponents(_ context.Context, a *agent, _ string) ([]map[string]string, error) {
	return []map[string]string{entry(map[string]string{
		"Name": "tamachi-agent", "ApplicationType": "Administration Tools", "Publisher": "Tamachi", "Version": a.cfg.Version, "Architecture": machineName(runtime.GOARCH),
	})}, nil
}

func gatherNetwork(context.Context, *agent, string) ([]map[string]string, error) {
	all, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	gateways, servers := readRoutes("/proc/net/route"), readServers("/etc/resolv.conf")
	var out []map[string]string
	for _, i := range all {
		if i.Flags&net.FlagLoopback != 0 {
			continue
		}
		var four, six, masks []string
		addresses, err := i.Addrs()
		if err != nil {
			return nil, err
		}
		for _, one := range addresses {
			if ip, ok := one.(*net.IPNet); ok && ip.IP.To4() != nil {
				four, masks = append(four, ip.IP.String()), append(masks, net.IP(ip.Mask).String())
			} else if ok {
				six = append(six, ip.IP.String())
			}
		}
		out = append(out, entry(map[string]string{
			"Name": i.Name, "MacAddress": i.HardwareAddr.String(), "IPV4": strings.Join(four, ","), "IPV6": strings.Join(six, ","),
			"SubnetMask": strings.Join(masks, ","), "Gateway": gateways[i.Name], "DNSServer": servers,
		}))
	}
	return out, nil
}

// readRoutes reads the default routes of proc(5).
func readRoutes(path string) map[string]string {
	out := map[string]string{}
	text, err := os.ReadFile(path)
	if err != nil {
		return out
	}
	for l := range strings.Lines(string(text)) {
		f := strings.Fields(l)
		if len(f) < 3 || f[1] != "00000000" {
			continue
		}
		if b, err := hex.DecodeString(f[2]); err == nil && len(b) == 4 {
			ip := make(net.IP, 4)
			binary.BigEndian.PutUint32(ip, binary.LittleEndian.Uint32(b))
			out[f[0]] = ip.String()
		}
	}
	return out
}

func readServers(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	var out []string
	for l := range strings.Lines(string(text)) {
		if f := strings.Fields(l); len(f) == 2 && f[0] == "nameserver" {
			out = append(out, f[1])
		}
	}
	return strings.Join(out, ",")
}

func gatherDetails(context.Context, *agent, string) ([]map[string]string, error) {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return nil, err
	}
	release, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return nil, err
	}
	out := readCPU(string(text))
	out["KernelVersion"] = strings.TrimSpace(string(release))
	return []map[string]string{entry(out)}, nil
}

// readCPU reads proc(5)'s cpuinfo.
func readCPU(text string) map[string]string {
	threads := 0
	sockets, cores := map[string]bool{}, map[string]bool{}
	socket, out := "0", map[string]string{}
	for l := range strings.Lines(text) {
		key, value, _ := strings.Cut(l, ":")
		value = strings.TrimSpace(value)
		switch strings.TrimSpace(key) {
		case "processor":
			threads++
		case "physical id":
			socket = value
			sockets[value] = true
		case "core id":
			cores[socket+"/"+value] = true
		case "model name":
			out["CPUModel"] = value
		case "cpu MHz":
			out["CPUSpeedMHz"], _, _ = strings.Cut(value, ".")
		}
	}
	count := len(cores)
	if count == 0 {
		count = threads
	}
	out["CPUs"], out["CPUCores"], out["CPUSockets"] = strconv.Itoa(threads), strconv.Itoa(count), strconv.Itoa(max(len(sockets), 1))
	out["CPUHyperThreadEnabled"] = strconv.FormatBool(threads > count)
	return out
}

// gatherServices asks systemd, where it runs.
func gatherServices(ctx context.Context, a *agent, _ string) ([]map[string]string, error) {
	if !there("/run/systemd/system") {
		return nil, nil // no systemd, so no services that it would know
	}
	units, err := a.tool(ctx, "systemctl", "list-units", "--type=service", "--all", "--plain", "--no-legend", "--no-pager")
	if err != nil {
		return nil, err
	}
	return readUnits(units), nil
}

func there(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// readUnits reads lines of unit, load, active, sub and description.
func readUnits(text string) []map[string]string {
	var out []map[string]string
	for l := range strings.Lines(text) {
		f := strings.Fields(l)
		if len(f) < 4 {
			continue
		}
		out = append(out, entry(map[string]string{
			"Name": strings.TrimSuffix(f[0], ".service"), "DisplayName": strings.Join(f[4:], " "), "Status": f[3], "ServiceType": "systemd",
		}))
	}
	return out
}

// wantedFiles is one line of the input files.
type wantedFiles struct {
	Path         string
	Pattern      []string
	Recursive    bool
	DirScanLimit int
}

// The most that files may be. Source: Systems Manager User Guide, "Working with
// file and Windows registry inventory".
const (
	mostFiles   = 500
	mostFolders = 5000
)

func gatherFiles(ctx context.Context, _ *agent, given string) ([]map[string]string, error) {
	var wanted []wantedFiles
	if err := json.NewDecoder(bufio.NewReader(strings.NewReader(given))).Decode(&wanted); err != nil {
		return nil, fmt.Errorf("the input files is no list of paths and patterns: %w", err)
	}
	out := []map[string]string{}
	for _, w := range wanted {
		folders, limit := 0, w.DirScanLimit
		if limit <= 0 || limit > mostFolders {
			limit = mostFolders
		}
		err := filepath.WalkDir(filepath.Clean(w.Path), func(path string, d fs.DirEntry, err error) error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if d == nil || (err != nil && !d.IsDir()) {
				return nil // what cannot be read is left out
			}
			if d.IsDir() {
				if folders++; folders > limit || (folders > 1 && !w.Recursive) {
					return fs.SkipDir
				}
				return nil
			}
			if !w.fits(d.Name()) {
				return nil
			}
			if len(out) >= mostFiles {
				return fs.SkipAll
			}
			if info, err := d.Info(); err == nil {
				out = append(out, map[string]string{
					"Name": d.Name(), "InstalledDir": filepath.Dir(path), "Size": strconv.FormatInt(info.Size(), 10),
					"ModificationTime": info.ModTime().UTC().Format(stampOfInventory),
				})
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (w wantedFiles) fits(name string) bool {
	for _, p := range w.Pattern {
		if ok, err := filepath.Match(p, name); err == nil && ok {
			return true
		}
	}
	return false
}
