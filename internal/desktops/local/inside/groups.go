package inside

import (
	"hash/fnv"
	"os"
	"strconv"
	"strings"
	"unicode"
)

// groupFile is where the desktop's groups are.
const groupFile = "/etc/group"

// Groups of the directory have numbers of a range of their own, made of their
// names: files keep their groups when others come and go.
const (
	firstGroup = 20000
	manyGroups = 40000
	mostGroups = 1024
)

// enlist makes the user a member of the directory's groups and of no other of
// them, and returns their numbers. A group of the directory is never one of the
// desktop's own, whatever its name.
func enlist(path, login string, groups []string) ([]uint32, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	own := map[string]bool{}
	var lines []string
	for line := range strings.Lines(strings.TrimRight(string(text), "\n") + "\n") {
		fields := strings.Split(strings.TrimRight(line, "\n"), ":")
		if len(fields) > 2 {
			if gid, err := strconv.Atoi(fields[2]); err == nil && gid >= firstGroup && gid < firstGroup+manyGroups {
				continue
			}
		}
		own[strings.ToLower(fields[0])] = true
		lines = append(lines, strings.TrimRight(line, "\n"))
	}
	used := map[uint32]bool{}
	var gids []uint32
	for _, name := range groups[:min(len(groups), mostGroups)] {
		written := spelled(name)
		if own[strings.ToLower(written)] {
			written = "directory-" + written
		}
		if written == "" || own[strings.ToLower(written)] {
			continue
		}
		own[strings.ToLower(written)] = true
		gid := numbered(name, used)
		gids = append(gids, gid)
		lines = append(lines, written+":x:"+strconv.Itoa(int(gid))+":"+login)
	}
	return gids, replace(path, strings.Join(lines, "\n")+"\n", 0o644)
}

// spelled is a group's name as a line of group(5) can have it.
func spelled(name string) string {
	return strings.Map(func(r rune) rune {
		if r == ':' || r == ',' || r == '/' || unicode.IsSpace(r) || !unicode.IsPrint(r) {
			return '_'
		}
		return r
	}, name)
}

// numbered is a group's number, the next one where two names come to the same.
func numbered(name string, used map[uint32]bool) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(strings.ToLower(name)))
	for n := h.Sum32() % manyGroups; ; n = (n + 1) % manyGroups {
		if gid := firstGroup + n; !used[gid] {
			used[gid] = true
			return gid
		}
	}
}
