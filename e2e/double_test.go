package e2e

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"tamachi/internal/agent"
	"tamachi/internal/clock"
	"tamachi/internal/id"
)

// amazonName is the program that this test is when a host starts it by that
// name: it stands in for the SSM Agent, which cannot be had here, with its
// flags, its files and its way of registering, over our own agent. The real one
// is tried by hand.
const amazonName = "amazon-ssm-agent"

const (
	amazonState  = "/var/lib/amazon/ssm"
	amazonVault  = amazonState + "/Vault/Store"
	amazonShared = "/root/.aws/credentials"
)

func amazonDouble() error {
	var register, cleared, yes bool
	var code, activation, region string
	flag.CommandLine = flag.NewFlagSet(amazonName, flag.ContinueOnError)
	flag.BoolVar(&register, "register", false, "")
	flag.BoolVar(&cleared, "clear", false, "")
	flag.BoolVar(&yes, "y", false, "")
	flag.StringVar(&code, "code", "", "")
	flag.StringVar(&activation, "id", "", "")
	flag.StringVar(&region, "region", "", "")
	if err := flag.CommandLine.Parse(os.Args[1:]); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	c, err := amazonConfig(region)
	if err != nil {
		return err
	}
	switch {
	case register && cleared:
		return keep("RegistrationKey", map[string]string{"instanceID": ""})
	case register:
		c.ActivationID, c.ActivationCode = activation, code
		return amazonRegister(ctx, c)
	}
	if c.Folder, err = amazonFolder(); err != nil {
		return err
	}
	// As the real one does with Profile.ShareCreds, which is its default.
	if err := put(amazonShared, "[default]\naws_access_key_id = ASIA\n"); err != nil {
		return err
	}
	return agent.Run(ctx, c)
}

// amazonConfig reads the configuration as the SSM Agent does; it trusts what
// the host trusts.
func amazonConfig(region string) (agent.Config, error) {
	var c struct {
		Agent struct{ Region, ServiceDomain string }
	}
	text, err := os.ReadFile("/etc/amazon/ssm/amazon-ssm-agent.json")
	if err != nil {
		return agent.Config{}, err
	}
	if err := json.Unmarshal(text, &c); err != nil {
		return agent.Config{}, err
	}
	domain, port, err := net.SplitHostPort(c.Agent.ServiceDomain)
	if err != nil {
		return agent.Config{}, err
	}
	number, err := strconv.Atoi(port)
	if region == "" {
		region = c.Agent.Region
	}
	return agent.Config{
		Region: region, Domain: domain, Port: number, Folder: "/run/double", Version: "3.3.987.0",
		Clock: clock.Real{}, IDs: id.Random(),
	}, err
}

// amazonRegister lets our own agent register and writes its identity as the
// SSM Agent keeps it.
func amazonRegister(ctx context.Context, c agent.Config) error {
	if err := os.RemoveAll(c.Folder); err != nil {
		return err
	}
	if err := keep("RegistrationKey", map[string]string{"instanceID": ""}); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- agent.Run(ctx, c) }()
	var known struct {
		Node, Fingerprint string
		Key               []byte
	}
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for known.Node == "" {
		select {
		case err := <-ended:
			cancel()
			return errors.Join(errors.New("registration failed"), err)
		case <-look.C:
		}
		text, err := os.ReadFile(c.Folder + "/identity.json")
		if err == nil {
			_ = json.Unmarshal(text, &known)
		}
	}
	cancel()
	<-ended
	key, err := x509.ParsePKCS8PrivateKey(known.Key)
	if err != nil {
		return err
	}
	return errors.Join(
		keep("RegistrationKey", map[string]string{
			"instanceID": known.Node, "region": c.Region, "privateKeyType": "Rsa",
			"privateKey": base64.StdEncoding.EncodeToString(x509.MarshalPKCS1PrivateKey(key.(*rsa.PrivateKey))),
		}),
		keep("InstanceFingerprint", map[string]string{"fingerprint": known.Fingerprint}),
		put(amazonState+"/Vault/Manifest", "{}"),
		put(amazonState+"/registration", fmt.Sprintf(`{"ManagedInstanceID":%q,"Region":%q}`, known.Node, c.Region)),
		os.CopyFS(amazonState+"/"+known.Node, os.DirFS(c.Folder)),
	)
}

// amazonFolder is that of the id that the host has now.
func amazonFolder() (string, error) {
	var known struct{ InstanceID string }
	text, err := os.ReadFile(filepath.Join(amazonVault, "RegistrationKey"))
	if err == nil {
		err = json.Unmarshal(text, &known)
	}
	if err == nil && known.InstanceID == "" {
		err = errors.New("not registered")
	}
	return amazonState + "/" + known.InstanceID, err
}

func keep(name string, v map[string]string) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return put(filepath.Join(amazonVault, name), string(text))
}

func put(p, text string) error {
	if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
		return err
	}
	return os.WriteFile(p, []byte(text), 0o600)
}
