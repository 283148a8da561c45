package tamachi

import (
	"testing"

	"tamachi/internal/store/storetest"
)

func TestStoredFormsOfPolicies(t *testing.T) {
	storetest.Golden(t, &policies, &deskPolicy{
		ID: "dp-0123456789abcdef0", DirectoryID: "d-0123456789", Name: "free", Scope: "GROUP", Target: "Wallpaper-Free", Priority: 100, Disabled: true,
		Settings: map[string][]string{"Wallpaper": {"UNMANAGED"}, "AllowedSoftware": {"firefox", "thunderbird"}}, Created: morning, Updated: morning,
	})
	storetest.Golden(t, &terms, &term{
		DirectoryID: "d-0123456789", Group: "Wallpaper-Free", Member: "takeda.hanako", Until: morning, Since: morning, By: caller,
	})
}
