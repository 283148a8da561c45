package session

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// The types of session.
const (
	typeShell          = "Standard_Stream"
	typeInteractive    = "InteractiveCommands"
	typeNonInteractive = "NonInteractiveCommands"
	typePort           = "Port"
)

// order is what an interactive_shell message asks for.
type order struct {
	SessionID string `json:"SessionId"`
	RunAsUser string
	Owner     string `json:"SessionOwner"`
	Type      string `json:"-"`
	Inputs    inputs `json:"-"`
	// Properties are those of the document with its parameters filled in.
	Properties json.RawMessage `json:"-"`
}

type inputs struct {
	Bucket string `json:"s3BucketName"`
	Prefix string `json:"s3KeyPrefix"`
	// The bucket, or the log group, must be encrypted.
	SealedBucket bool   `json:"s3EncryptionEnabled"`
	SealedGroup  bool   `json:"cloudWatchEncryptionEnabled"`
	Group        string `json:"cloudWatchLogGroupName"`
	Streaming    bool   `json:"cloudWatchStreamingEnabled"`
	Key          string `json:"kmsKeyId"`
	RunAs        bool   `json:"runAsEnabled"`
	RunAsUser    string `json:"runAsDefaultUser"`
	Profile      struct {
		Linux string `json:"linux"`
	} `json:"shellProfile"`
}

// readOrder reads the content of an interactive_shell message. Parameters are
// scalars; one that is a list fails the session, as in the SSM Agent.
func readOrder(content []byte) (*order, error) {
	var in struct {
		order
		Parameters map[string]any
		Document   struct {
			SessionType string          `json:"sessionType"`
			Inputs      inputs          `json:"inputs"`
			Properties  json.RawMessage `json:"properties"`
		} `json:"DocumentContent"`
	}
	if err := json.Unmarshal(content, &in); err != nil {
		return nil, fmt.Errorf("read the session's order: %w", err)
	}
	o := in.order
	o.Type, o.Inputs = in.Document.SessionType, in.Document.Inputs
	switch o.Type {
	case typeShell, typeInteractive, typeNonInteractive, typePort:
	default:
		return nil, fmt.Errorf("session type %q is not known to this agent", o.Type)
	}
	if len(in.Document.Properties) == 0 {
		return &o, nil
	}
	var tree any
	if err := json.Unmarshal(in.Document.Properties, &tree); err != nil {
		return nil, fmt.Errorf("read the session's properties: %w", err)
	}
	given := make(map[string]string, len(in.Parameters))
	for name, v := range in.Parameters {
		switch v := v.(type) {
		case string:
			given[name] = v
		case float64, bool:
			given[name] = fmt.Sprint(v)
		case nil:
		default:
			return nil, fmt.Errorf("parameter %s is no text", name)
		}
	}
	filled, err := json.Marshal(fill(tree, given))
	o.Properties = filled
	return &o, err
}

// fill puts parameters where {{ name }} stands.
func fill(v any, given map[string]string) any {
	switch v := v.(type) {
	case string:
		return fillText(v, given)
	case []any:
		for i := range v {
			v[i] = fill(v[i], given)
		}
	case map[string]any:
		for k := range v {
			v[k] = fill(v[k], given)
		}
	}
	return v
}

// fillText fills one text. What a parameter's value holds is not looked at
// again.
func fillText(s string, given map[string]string) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(s, "{{")
		name, after, closed := strings.Cut(rest, "}}")
		if !found || !closed {
			out.WriteString(s)
			return out.String()
		}
		out.WriteString(before)
		if v, ok := given[strings.TrimSpace(name)]; ok {
			out.WriteString(v)
		} else {
			out.WriteString("{{" + name + "}}")
		}
		s = after
	}
}

// command is what a document of commands asks for on Linux.
type command struct {
	Text     string `json:"commands"`
	Elevated bool   `json:"runAsElevated"`
	Separate bool   `json:"separateOutputStream"`
}

func (o *order) command() (command, error) {
	var p struct {
		Linux command `json:"linux"`
	}
	if len(o.Properties) > 0 {
		if err := json.Unmarshal(o.Properties, &p); err != nil {
			return command{}, fmt.Errorf("read the session's command: %w", err)
		}
	}
	if strings.TrimSpace(p.Linux.Text) == "" {
		return command{}, errors.New("the document has no command for Linux")
	}
	return p.Linux, nil
}

// split cuts a command into words as a POSIX shell does, without expanding
// anything.
func split(s string) ([]string, error) {
	var words []string
	var word strings.Builder
	open, quote := false, rune(0)
	runes := []rune(s)
	for i := 0; i < len(runes); i++ {
		c := runes[i]
		switch {
		case quote == '\'' && c != '\'', quote == '"' && c != '"' && c != '\\':
			word.WriteRune(c)
		case quote != 0 && c == quote:
			quote = 0
		case c == '\\':
			if i++; i == len(runes) {
				return nil, errors.New("the command ends in a backslash")
			}
			if quote == '"' && !strings.ContainsRune("\"\\$`\n", runes[i]) {
				word.WriteRune('\\')
			}
			word.WriteRune(runes[i])
			open = true
		case c == '\'' || c == '"':
			quote, open = c, true
		case c == ' ' || c == '\t' || c == '\n':
			if open {
				words = append(words, word.String())
			}
			word.Reset()
			open = false
		default:
			word.WriteRune(c)
			open = true
		}
	}
	if quote != 0 {
		return nil, errors.New("a quote of the command is not closed")
	}
	if open {
		words = append(words, word.String())
	}
	if len(words) == 0 {
		return nil, errors.New("the command is empty")
	}
	return words, nil
}
