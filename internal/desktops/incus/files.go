package incus

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// put writes a file of root's in an instance.
func (p *Provider) put(ctx context.Context, name, file string, mode int, from io.Reader) error {
	_, err := p.server.request(ctx, http.MethodPost, path("instances", name, "files"), url.Values{"path": {file}}, http.Header{
		"X-Incus-Type": {"file"}, "X-Incus-Uid": {"0"}, "X-Incus-Gid": {"0"}, "X-Incus-Mode": {fmt.Sprintf("%04o", mode)}, "X-Incus-Write": {"overwrite"},
		"Content-Type": {"application/octet-stream"},
	}, from)
	return err
}

// file is what an instance holds under a name.
type file struct {
	kind    string // file, directory, symlink
	content []byte
	names   []string // of a directory
}

// largestFile is how many bytes of a file are read.
const largestFile = 4 << 20

// look reads a file or a directory of an instance.
func (p *Provider) look(ctx context.Context, name, at string) (file, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.server.address(path("instances", name, "files"), url.Values{"path": {at}}), nil)
	if err != nil {
		return file{}, err
	}
	res, err := p.server.http.Do(r)
	if err != nil {
		return file{}, fmt.Errorf("ask the Incus server: %w", err)
	}
	defer res.Body.Close()
	body := io.LimitReader(res.Body, largestFile)
	out := file{kind: res.Header.Get("X-Incus-Type")}
	if res.StatusCode != http.StatusOK || out.kind == "directory" {
		a, err := read(body)
		if err != nil {
			return file{}, err
		}
		return out, json.Unmarshal(a.Metadata, &out.names)
	}
	out.content, err = io.ReadAll(body)
	return out, err
}
