package house_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/morning"
)

// asMorning makes this program the morning check, so that a test can kill it.
const asMorning = "HOUSE_TEST_AS_MORNING"

func TestMain(m *testing.M) {
	if os.Getenv(asMorning) != "" {
		os.Exit(morningAsProgram())
	}
	os.Exit(m.Run())
}

func morningAsProgram() int {
	c := morning.Command(account.World{Getenv: os.Getenv, Clock: clock.Real{}, Location: time.UTC})
	c.SetArgs(os.Args[1:])
	c.SetOut(os.Stdout)
	err := c.ExecuteContext(context.Background())
	if err == nil {
		return 0
	}
	fmt.Fprintln(os.Stderr, err)
	if coded, ok := err.(interface{ ExitCode() int }); ok {
		return coded.ExitCode()
	}
	return 1
}
