package runcommand

import (
	"path"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// output says where the whole output of a command goes.
type output struct {
	Bucket string `json:",omitempty"`
	Prefix string `json:",omitempty"`
	Logs   bool   `json:",omitempty"`
	Group  string `json:",omitempty"`
}

// logs is the part that is about CloudWatch Logs, as answers show it.
func (o output) logs() *types.CloudWatchOutputConfig {
	return &types.CloudWatchOutputConfig{CloudWatchLogGroupName: &o.Group, CloudWatchOutputEnabled: o.Logs}
}

// logGroup is the group of a document whose command names none. Source: Systems
// Manager API Reference, CloudWatchOutputConfig.
func logGroup(document string) string { return "/aws/ssm/" + document }

// folder is where the objects of a step are. The names are the SSM Agent's:
// <prefix>/<command>/<node>/<plugin>/<step>, and 0.<plugin> for the step of a
// document of schema 1.2.
func (o output) folder(command, node, plugin, step string) (prefix, folder string) {
	plain := strings.ReplaceAll(plugin, ":", "")
	if step == plugin {
		step = "0." + plain
	}
	prefix = path.Join(strings.Trim(o.Prefix, "/"), command, node, plain)
	return prefix, path.Join(prefix, step)
}

// urls are the addresses of a step's two outputs, "" when they go nowhere.
func (s *Service) urls(i *invocation, step, plugin, region string) (stdout, stderr, prefix string) {
	if i.Output.Bucket == "" || s.ports.Output == nil || plugin == "" {
		return "", "", ""
	}
	prefix, folder := i.Output.folder(i.Command, i.Node, plugin, step)
	return s.ports.Output.URL(region, i.Output.Bucket, folder+"/stdout"), s.ports.Output.URL(region, i.Output.Bucket, folder+"/stderr"), prefix
}
