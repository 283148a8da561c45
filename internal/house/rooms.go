package house

import (
	"context"
	"fmt"
	"net/http"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/gate"
	"tamachi/internal/aws/model"
	"tamachi/internal/aws/services/cloudtrail"
	"tamachi/internal/aws/services/directoryservice"
	"tamachi/internal/aws/services/directoryservicedata"
	"tamachi/internal/aws/services/sts"
	"tamachi/internal/aws/sigv4"
	"tamachi/internal/aws/wire"
	"tamachi/internal/config"
	"tamachi/internal/store"
)

// rooms are the services of the plane, and what runs beside them.
type rooms struct {
	sts     *sts.Service
	trail   *cloudtrail.Recorder
	all     []api.Service
	runners []func(context.Context) error
}

// tables lists what all rooms store.
func tables() []store.Definition {
	defs := []store.Definition{&identities}
	for _, of := range [][]store.Definition{
		sts.Tables(), cloudtrail.Tables(), directoryservice.Tables(), directoryservicedata.Tables(),
	} {
		defs = append(defs, of...)
	}
	return defs
}

// build furnishes the rooms and plugs one room's method into the other's port.
func (h *House) build(context.Context) error {
	r := &rooms{sts: sts.New(h.store, h.o.IDs, h.o.Clock), trail: cloudtrail.NewRecorder(h.store, h.o.Log)}
	d := h.openDirectories()
	r.all = []api.Service{r.sts, cloudtrail.New(h.store, h.o.Clock), d.Service, d.users}
	r.runners = []func(context.Context) error{r.trail.Run, d.server.Run}
	h.rooms = r
	return h.openDoor()
}

// servicePrincipals lists what engines may do in a service's name.
var servicePrincipals = map[string][]string{
	"workspaces.amazonaws.com": {"ssm:CreateActivation", "iam:PassRole", "ssm:AddTagsToResource"},
}

// regions tells what may stand where a Region does: any well-formed name. The
// plane keeps the Regions apart as AWS does and has no list of them.
func regions(name string) bool { return config.Region(name) }

func (h *House) openDoor() (err error) {
	h.gate, err = gate.New(gate.Options{
		Services: h.rooms.all, Models: model.Load, Recorder: h.rooms.trail,
		Clock: h.o.Clock, IDs: h.o.IDs, Log: h.o.Log, ServicePrincipals: servicePrincipals,
	})
	if err != nil {
		return err
	}
	var models []*model.Service
	for _, s := range h.rooms.all {
		m, err := model.Load(s.Name())
		if err != nil {
			return fmt.Errorf("load the model of %s: %w", s.Name(), err)
		}
		models = append(models, m)
	}
	h.door, err = wire.New(wire.Options{
		Gate: h.gate, Verifier: sigv4.New(keys{sts: h.rooms.sts}, h.o.Clock, regions), Models: models,
		Clock: h.o.Clock, IDs: h.o.IDs, Region: h.o.Config.Region,
		Regions: regions, Domain: h.o.Config.Domain,
		Pages: h.pages(), Log: h.o.Log,
	})
	return err
}

// pages answers what is no AWS call.
func (h *House) pages() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_tamachi/ready", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
	})
	mux.HandleFunc("GET /_tamachi/ca.pem", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-pem-file")
		_, _ = w.Write(h.ca.PEM())
	})
	return mux
}
