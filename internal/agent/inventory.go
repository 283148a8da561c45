package agent

import (
	"context"
	"crypto/md5" // what AWS calls the content hash; it protects nothing
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// inventoryItem is what this node has of one type.
type inventoryItem struct {
	TypeName      string
	SchemaVersion string
	CaptureTime   string
	ContentHash   string
	Content       []map[string]string `json:",omitempty"`
	whole         []map[string]string
}

// MarshalJSON tells an empty list from one that is left out.
func (i inventoryItem) MarshalJSON() ([]byte, error) {
	form := map[string]any{
		"TypeName": i.TypeName, "SchemaVersion": i.SchemaVersion, "CaptureTime": i.CaptureTime, "ContentHash": i.ContentHash,
	}
	if i.Content != nil {
		form["Content"] = i.Content
	}
	return json.Marshal(form)
}

// gatherers are the types that a Linux node has, by the input of
// aws:softwareInventory that asks for each.
var gatherers = []struct {
	input, kind, version string
	gather               func(ctx context.Context, a *agent, given string) ([]map[string]string, error)
}{
	{"applications", "AWS:Application", "1.1", gatherApplications},
	{"awsComponents", "AWS:AWSComponent", "1.0", gatherComponents},
	{"networkConfig", "AWS:Network", "1.0", gatherNetwork},
	{"instanceDetailedInformation", "AWS:InstanceDetailedInformation", "1.0", gatherDetails},
	{"services", "AWS:Service", "1.0", gatherServices},
	{"files", "AWS:File", "1.0", gatherFiles},
}

// windowsOnly are the inputs that ask for what only Windows has.
var windowsOnly = []string{"windowsUpdates", "windowsRegistry", "windowsRoles"}

// gatherInventory is aws:softwareInventory: it collects and reports. What is
// as it was is reported by its hash alone.
func gatherInventory(ctx context.Context, a *agent, t *task) outcome {
	began := a.cfg.Clock.Now()
	var told strings.Builder
	var items []inventoryItem
	for _, g := range gatherers {
		given := t.text(g.input)
		if given == "" || given == "Disabled" {
			continue
		}
		content, err := g.gather(ctx, a, given)
		if err != nil {
			return failedWith("%s: %v", g.kind, err)
		}
		items = append(items, newItem(g.kind, g.version, began, content))
		fmt.Fprintf(&told, "%s: %d\n", g.kind, len(content))
	}
	if t.text("customInventory") == "Enabled" {
		own, problems := a.gatherCustom(began)
		items = append(items, own...)
		for _, i := range own {
			fmt.Fprintf(&told, "%s: %d\n", i.TypeName, len(i.whole))
		}
		told.WriteString(problems)
	}
	for _, input := range windowsOnly {
		if given := t.text(input); given != "" && given != "Disabled" {
			fmt.Fprintf(&told, "%s: Windows only\n", input)
		}
	}
	if len(items) > 0 {
		if err := a.putInventory(ctx, items); err != nil {
			return failedWith("report the inventory: %v", err)
		}
	}
	return succeeded("%s", told.String())
}

func newItem(kind, version string, at time.Time, content []map[string]string) inventoryItem {
	if content == nil {
		content = []map[string]string{}
	}
	slices.SortFunc(content, func(x, y map[string]string) int { return strings.Compare(fmt.Sprint(x), fmt.Sprint(y)) })
	form, _ := json.Marshal(content) // maps of strings
	sum := md5.Sum(append([]byte(version), form...))
	return inventoryItem{
		TypeName: kind, SchemaVersion: version, CaptureTime: at.UTC().Format("2006-01-02T15:04:05Z"), ContentHash: hex.EncodeToString(sum[:]), whole: content,
	}
}

// putInventory reports items, those that the plane has by their hash. When the
// plane does not know a hash it gets all.
func (a *agent) putInventory(ctx context.Context, items []inventoryItem) error {
	path := filepath.Join(a.cfg.Folder, "inventory.json")
	known := map[string]string{}
	_ = readFile(path, &known) // without it all is sent
	for i := range items {
		items[i].Content = items[i].whole
		if known[items[i].TypeName] == items[i].ContentHash {
			items[i].Content = nil
		}
	}
	err := a.sendInventory(ctx, items)
	if no := (*refusal)(nil); errors.As(err, &no) && no.Code == "ItemContentMismatchException" {
		for i := range items {
			items[i].Content = items[i].whole
		}
		err = a.sendInventory(ctx, items)
	}
	if err != nil {
		return err
	}
	for _, i := range items {
		known[i.TypeName] = i.ContentHash
	}
	return writeFile(path, known)
}

func (a *agent) sendInventory(ctx context.Context, items []inventoryItem) error {
	in := map[string]any{"InstanceId": a.id.Node, "Items": items}
	return a.ask(ctx, "AmazonSSM.PutInventory", in, &struct{}{})
}

// gatherCustom reads the files that people lay down for their own types: in
// the agent's folder, and where the SSM Agent looks for them.
func (a *agent) gatherCustom(at time.Time) (items []inventoryItem, problems string) {
	for _, folder := range []string{
		filepath.Join(a.cfg.Folder, "inventory", "custom"), filepath.Join("/var/lib/amazon/ssm", a.id.Node, "inventory", "custom"),
	} {
		files, err := filepath.Glob(filepath.Join(folder, "*.json"))
		if err != nil {
			continue // the pattern is good
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err == nil {
				var i inventoryItem
				if i, err = readCustom(text, at); err == nil && !slices.ContainsFunc(items, func(o inventoryItem) bool { return o.TypeName == i.TypeName }) {
					items = append(items, i)
					continue
				}
			}
			problems += fmt.Sprintf("%s is left out: %v\n", filepath.Base(file), err)
		}
	}
	return items, problems
}

// readCustom reads one such file. Source: Systems Manager User Guide, "Working
// with custom inventory".
func readCustom(text []byte, at time.Time) (inventoryItem, error) {
	var form struct {
		SchemaVersion, TypeName string
		Content                 json.RawMessage
	}
	if err := json.Unmarshal(text, &form); err != nil {
		return inventoryItem{}, err
	}
	if !strings.HasPrefix(form.TypeName, "Custom:") || form.SchemaVersion == "" {
		return inventoryItem{}, errors.New("it needs a TypeName that begins with Custom: and a SchemaVersion")
	}
	var many []map[string]string
	if err := json.Unmarshal(form.Content, &many); err != nil {
		var one map[string]string
		if err := json.Unmarshal(form.Content, &one); err != nil {
			return inventoryItem{}, fmt.Errorf("its Content is neither an entry nor a list of entries: %w", err)
		}
		many = []map[string]string{one}
	}
	return newItem(form.TypeName, form.SchemaVersion, at, many), nil
}
