package workspaces

import (
	"testing"
	"time"

	"tamachi/internal/store/storetest"
)

func fullDesktop() Desktop {
	return Desktop{
		ID: "ws-c8wvb67py", DirectoryID: "d-0123456789", UserName: "Fujita.Kouhei", BundleID: "wsb-d12stand0",
		State: Error, Move: 2, ErrorCode: "DomainJoin.ServiceAccountRefused", ErrorMessage: "joining failed",
		ComputerName: "A-ABCDEFGHIJKLM", IPAddress: "10.99.0.2", SubnetID: "subnet-0123abcd", Compute: "STANDARD",
		RootGiB: 80, UserGiB: 50, RunningMode: "AUTO_STOP", AutoStopMinutes: 60, Tags: map[string]string{"Team": "sales"},
		CreatedAt: time.Date(2026, 11, 22, 1, 2, 3, 0, time.UTC), CreatedBy: "request-1",
		ChangedAt: time.Date(2026, 11, 22, 1, 2, 4, 0, time.UTC), ChangedBy: "request-2",
		ConnectedAt: time.Date(2026, 11, 22, 1, 2, 5, 0, time.UTC),
		ExtendedAt:  time.Date(2026, 11, 22, 1, 2, 7, 0, time.UTC),
		Change:      &Change{Resource: "COMPUTE_TYPE", From: Available, Compute: "POWER", RootGiB: 80, UserGiB: 50},
		KeptAt:      time.Date(2026, 11, 22, 1, 2, 6, 0, time.UTC), Keep: true, Imaging: "wsi-c8wvb67py", MigratesFrom: "ws-c8wvb67pz", Was: Stopped, KeepDue: "2026-11-22T13:02:06.000Z/1/2/ws-c8wvb67py",
		Sized: sizings{"COMPUTE_TYPE": time.Date(2026, 11, 22, 1, 2, 3, 0, time.UTC)},
		Told:  7, MeteredAt: time.Date(2026, 11, 22, 1, 2, 7, 0, time.UTC), Uninvited: true, Administrator: true,
	}
}

func TestStoredForms(t *testing.T) {
	d := fullDesktop()
	storetest.Golden(t, &desktopTable, &d)
	storetest.Golden(t, &history, &Past{Desktop: d, TerminatedAt: time.Date(2026, 11, 23, 1, 2, 3, 0, time.UTC)})
	storetest.Golden(t, &directories, &Directory{
		ID: "d-0123456789", Name: "corp.example.com", Alias: "corp", Type: "SIMPLE_AD", DNS: []string{"10.0.0.10"},
		SubnetIDs: []string{"subnet-0123abcd"}, RegistrationCode: "SLnrt+ABC234", UserName: "svc.connect", Tags: map[string]string{"Team": "sales"},
		RegisteredAt: time.Date(2026, 11, 22, 1, 2, 3, 0, time.UTC), IPGroups: []string{"wsipg-c8wvb67py"},
		Settings: Settings{
			Access: map[string]string{web: "DENY"}, SelfService: map[string]string{"RestartWorkspace": "ENABLED"},
			DefaultOU: "OU=a,DC=b,DC=c", Maintenance: true, Administrators: true, Reconnect: "ENABLED", Authority: "arn:aws:acm-pca:ap-northeast-1:111122223333:certificate-authority/a",
			SAML:      SAML{Status: "ENABLED", URL: "https://idp.example.com/start", RelayState: "Relay"},
			Streaming: map[string]Passage{"CLIPBOARD_COPY_TO_LOCAL_DEVICE": {Permission: "ENABLED", Longest: 100}},
		},
	})
	storetest.Golden(t, &images, &Image{
		ID: "wsi-c8wvb67py", Name: "golden", Description: "as of November", State: "ERROR", Capture: "wsi-c8wvb67pz", ErrorCode: "Desktop.NoSpace",
		ErrorMessage: "full", Created: d.CreatedAt, Shares: []string{"444455556666"}, Tags: map[string]string{"Team": "it"},
	})
	storetest.Golden(t, &bundles, &CustomBundle{
		ID: "wsb-c8wvb67py", Name: "sales", Description: "for sales", ImageID: "wsi-c8wvb67py", Compute: "POWER", RootGiB: 175, UserGiB: 100,
		Tags: map[string]string{"Team": "it"}, Created: d.CreatedAt, Updated: d.ChangedAt,
	})
	storetest.Golden(t, &moments, &moment{At: "2026-11-22T13:02:06.000Z", Account: "111122223333", Region: "ap-northeast-1", Desktop: "ws-c8wvb67py"})
	storetest.Golden(t, &licences, &Licence{Key: licenceKey, Range: "10.7.0.0/16", Changes: []LicenceChange{{d.CreatedAt, "10.7.0.0/16"}}})
	storetest.Golden(t, &ipGroups, &IPGroup{
		ID: "wsipg-c8wvb67py", Name: "office", Description: "the office", Rules: []IPRule{{"192.0.2.0/24", "third floor"}}, Tags: map[string]string{"Team": "it"},
	})
	storetest.Golden(t, &aliases, &Alias{
		ID: "wsca-c8wvb67py", String: "desktop.example.com", Shares: []string{"444455556666"}, Account: "111122223333", Directory: "d-0123456789",
		Connection: "ABCDEFGHJKLMNPQRSTUV", Since: d.CreatedAt, Tags: map[string]string{"Team": "it"},
	})
	storetest.Golden(t, &happenings, &happening{
		Desktop: d.ID, Number: 7, At: d.ChangedAt, State: Error, ErrorCode: "Desktop.NoSpace", ErrorMessage: "full", By: "arn:aws:iam::111122223333:user/administrator",
		RequestID: "request-1", RunningMode: "AUTO_STOP", Compute: "STANDARD", RootGiB: 80, UserGiB: 50,
	})
	storetest.Golden(t, &usages, &usage{
		Month: "2026-11", Desktop: d.ID, DirectoryID: d.DirectoryID, UserName: d.UserName, BundleID: d.BundleID, Compute: "STANDARD", RootGiB: 80, UserGiB: 50,
		Running: 3 * time.Hour, Hourly: map[string]time.Duration{"STANDARD": time.Hour}, MonthlyFrom: d.ChangedAt, HourlyFrom: d.CreatedAt,
	})
	storetest.Golden(t, &brandings, &Branding{Directory: "d-0123456789", Looks: map[string]Look{"DeviceTypeWeb": {
		Logos: []string{"abc"}, Email: "it@example.com", Link: "https://it.example.com", Forgot: "https://it.example.com/p", Messages: map[string]string{"en_US": "<p>Welcome</p>"},
	}}})
	storetest.Golden(t, &logos, &logo{Name: "abc", Data: []byte{1, 2, 3}})
	storetest.Golden(t, &claims, &claim{String: "desktop.example.com", Account: "111122223333"})
}
