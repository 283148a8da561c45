package agent

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"sync"
	"time"
)

// agent is one running agent.
type agent struct {
	cfg    Config
	log    *slog.Logger
	id     *identity // Key and NextKey belong to keepToken
	plane  *plane
	purse  *purse
	outbox *outbox
	jobs   *jobs
	// packages is held while one is installed or removed, over I/O on purpose.
	packages sync.Mutex
	keeper   *keeper
	// probation is there while this is a new version that is not online yet.
	probation *probation

	sessions *sessions
	pieces   liveAcks // acknowledgements of output
}

// Run is an agent from its registration until ctx ends; then it returns nil
// after its scripts were ended. It returns an error when it cannot work at
// all: a refused activation, a folder that cannot be written; and ErrRestart when
// it must be started anew.
func Run(ctx context.Context, cfg Config) error {
	a, err := open(cfg)
	if err != nil {
		return err
	}
	defer a.plane.close()
	if err := a.takeProbation(); err != nil {
		return err
	}
	if err := a.register(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	if err := a.recover(); err != nil {
		return err
	}
	err = a.together(ctx, a.keepToken, a.keepInformed, a.keepChannel, a.work, a.keepAssociations, a.keepRestart, a.keepProbation, a.holdSessions, a.keepSocket)
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func open(cfg Config) (*agent, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	who, err := openIdentity(cfg.Folder, cfg.Region, cfg.IDs)
	if err != nil {
		return nil, err
	}
	home, err := openPlane(cfg)
	if err != nil {
		return nil, err
	}
	work, err := openJobs(cfg.Folder, cfg.Clock)
	if err != nil {
		return nil, err
	}
	return &agent{
		cfg: cfg, log: cfg.Log, id: who, plane: home,
		sessions: newSessions(), purse: newPurse(), outbox: &outbox{}, jobs: work, keeper: openKeeper(cfg.Folder),
	}, nil
}

// together runs all and waits for all; the first to end ends the others.
func (a *agent) together(ctx context.Context, parts ...func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var all sync.WaitGroup
	for _, part := range parts {
		all.Go(func() {
			if err := part(ctx); err != nil {
				cancel(err)
				return
			}
			cancel(errors.New("agent: a part ended"))
		})
	}
	all.Wait()
	return context.Cause(ctx)
}

// delay is the time before the next attempt: a quarter of a second at first,
// doubling to eight seconds, with up to as much again by chance, so that a
// restarted plane is not called by all its nodes at once.
func (a *agent) delay(try int) time.Duration {
	base := min(125*time.Millisecond<<min(try, 9), 8*time.Second)
	chance := float64(a.cfg.IDs.Bytes(1)[0]) / math.MaxUint8
	return base + time.Duration(chance*float64(base))
}
