package gateway

import "testing"

// FuzzOutput: a piece of output is read as one or refused, whatever it is.
func FuzzOutput(f *testing.F) {
	f.Add([]byte(`{"jobId":"aws.ssm.c.mi-0","step":"s","stream":"stdout","offset":1,"data":"eA=="}`))
	f.Add([]byte(`{"jobId":"j","step":"s","stream":"stdout","offset":-1,"data":""}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		o, err := readOutput(b)
		if err == nil && (o.Offset < 0 || len(o.Data) == 0 || o.Step == "" || (o.Stream != "stdout" && o.Stream != "stderr")) {
			t.Errorf("read %+v", o)
		}
	})
}
