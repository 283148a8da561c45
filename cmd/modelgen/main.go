// Command modelgen prunes AWS's service models, as botocore carries them, into
// the compact tables of internal/aws/model:
//
//	go run ./cmd/modelgen -botocore "$(python3 -c 'import botocore; print(botocore.__path__[0])')"
//
// It drops documentation, examples, endpoints, paginators and waiters. The same
// models give the same bytes. The tables are committed; nothing else of the
// build reads botocore.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

// services are the models to prune: botocore's folder names. This list is the
// only one; the package embeds whatever tables are there.
var services = []string{
	"accessanalyzer", "cloudtrail", "cloudwatch", "ds", "ds-data", "ec2", "events", "iam", "kms", "logs", "organizations",
	"resource-groups", "resourcegroupstaggingapi", "s3", "sns", "ssm", "sts", "workspaces",
}

// only are the operations that are kept of a service which has hundreds that the
// plane will never have to do with: of EC2, networks, machines and their disks; of
// Access Analyzer, what judges policies that it is given.
var only = map[string]*regexp.Regexp{
	"accessanalyzer": regexp.MustCompile(`^(ValidatePolicy|Check)`),
	"ec2": regexp.MustCompile(`Vpc|Subnet|Route|Gateway|NetworkAcl|SecurityGroup|Tags|VpnC|ModifyVpnTunnelOptions|DhcpOptions|FlowLogs|NetworkInterface|` +
		`(Run|Start|Stop|Reboot|Terminate|Describe)Instances|InstanceStatus|Volume|(Create|Delete|Describe)Snapshots?$|KeyPair|Images?$|AvailabilityZones|DescribeRegions|DescribeAccountAttributes|Address`),
}

func main() {
	root := flag.String("botocore", "", "folder of the botocore package (holds data/ and __init__.py)")
	out := flag.String("out", "internal/aws/model/tables", "folder to write the tables to")
	flag.Parse()
	if err := run(*root, *out); err != nil {
		fmt.Fprintln(os.Stderr, "modelgen:", err)
		os.Exit(1)
	}
}

func run(root, out string) error {
	if root == "" {
		return fmt.Errorf("-botocore is needed: the folder that python3 prints for botocore.__path__")
	}
	version, err := botocoreVersion(filepath.Join(root, "__init__.py"))
	if err != nil {
		return err
	}
	for _, name := range services {
		model, err := newestModel(filepath.Join(root, "data", name))
		if err != nil {
			return fmt.Errorf("model of %s: %w", name, err)
		}
		table, err := prune(model, only[name])
		if err != nil {
			return fmt.Errorf("prune %s: %w", name, err)
		}
		if err := writeTable(filepath.Join(out, name+".json.gz"), table); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(out, "NOTICE"), notice(version), 0o644)
}
