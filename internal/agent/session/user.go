package session

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// usual is the user of a session that no Run As names, where the node has it.
const usual = "ssm-user"

// who is the user that a session's programs run as.
type who struct {
	credential *syscall.Credential // nil is the agent's own user
	name, home string
}

// whose finds the user of a session.
func (o *order) whose(elevated bool) (who, error) {
	if elevated {
		return self(), nil
	}
	if o.Inputs.RunAs {
		name := o.RunAsUser
		if name == "" {
			name = o.Inputs.RunAsUser
		}
		if name == "" {
			return who{}, errors.New("please set the RunAs default user") // the SSM Agent's words, as below
		}
		found, err := named(name)
		if unknown := user.UnknownUserError(""); errors.As(err, &unknown) {
			return who{}, fmt.Errorf("failed to start pty since RunAs user %s does not exist", name)
		}
		if err != nil {
			return who{}, fmt.Errorf("failed to start the session as user %s: %w", name, err)
		}
		return found, nil
	}
	found, err := named(usual)
	if err != nil {
		return self(), nil //nolint:nilerr // there is no such user here
	}
	return found, nil
}

func self() who {
	me, err := user.Current()
	if err != nil {
		return who{name: strconv.Itoa(os.Geteuid()), home: "/"}
	}
	return who{name: me.Username, home: me.HomeDir}
}

// named finds a user of this machine with all groups.
func named(name string) (who, error) {
	u, err := user.Lookup(name)
	if err != nil {
		return who{}, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return who{}, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return who{}, err
	}
	c := &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	ids, err := u.GroupIds()
	if err != nil {
		return who{}, err
	}
	for _, g := range ids {
		n, err := strconv.ParseUint(g, 10, 32)
		if err != nil {
			return who{}, err
		}
		c.Groups = append(c.Groups, uint32(n))
	}
	return who{credential: c, name: u.Username, home: u.HomeDir}, nil
}

// folder is where programs of this user begin.
func (w who) folder() string {
	if info, err := os.Stat(w.home); w.home != "" && err == nil && info.IsDir() {
		return w.home
	}
	return "/"
}

// environment is what programs of this user see.
func (w who) environment(base []string, extra ...string) []string {
	out := append([]string{}, base...)
	return append(append(out, "HOME="+w.folder(), "USER="+w.name, "LOGNAME="+w.name), extra...)
}
