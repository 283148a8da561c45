package image

// office is what a person at a desk expects: a panel and files as Xfce has
// them, a browser, documents and tables, Japanese to read and to write.
var office = append([]string{
	"adwaita-icon-theme", "dbus", "dbus-x11", "debconf", "fcitx5", "fcitx5-frontend-gtk2",
	"fcitx5-frontend-gtk3", "fcitx5-mozc", "firefox-esr", "firefox-esr-l10n-ja", "fonts-noto-cjk",
	"gtk2-engines-pixbuf", "libreoffice-calc", "libreoffice-gtk3", "libreoffice-l10n-ja",
	"libreoffice-writer", "librsvg2-common", "locales", "mousepad", "thunar", "xfce4-panel",
	"xfce4-settings", "xfce4-terminal", "xfconf", "xfdesktop4", "xdg-user-dirs", "xdg-utils",
}, small...)

// officeAnswers are what Debian's packages would ask (debconf(7)).
var officeAnswers = []string{
	"locales locales/locales_to_be_generated multiselect en_US.UTF-8 UTF-8, ja_JP.UTF-8 UTF-8",
	"locales locales/default_environment_locale select ja_JP.UTF-8",
}

const (
	environmentFile = "/usr/lib/tamachi/environment" // read by all that the desktop's user starts
	xfconfFolder    = "/etc/xdg/xfce4/xfconf/xfce-perchannel-xml/"
)

func officeFiles() []File {
	return append(files(windowsOffice, terminalOffice, menuOffice),
		File{environmentFile, 0o644, environment},
		File{"/etc/xdg/fcitx5/profile", 0o644, inputProfile},
		File{"/etc/xdg/fcitx5/config", 0o644, inputKeys},
		File{xfconfFolder + "xfce4-panel.xml", 0o644, officePanel},
		File{xfconfFolder + "xfce4-desktop.xml", 0o644, officeDesktop},
		File{xfconfFolder + "xsettings.xml", 0o644, officeLook},
		File{"/etc/firefox-esr/policies/policies.json", 0o644, browserPolicy},
		File{"/etc/firefox/policies/policies.json", 0o644, browserPolicy},
	)
}

// environment is shell. A person's own ~/.config/locale.conf (LANG=en_US.UTF-8)
// comes before the image's language. The bus has an address that all know,
// because the terminal is not a child of the window manager.
const environment = `[ -r /etc/default/locale ] && . /etc/default/locale
[ -r "$HOME/.config/locale.conf" ] && . "$HOME/.config/locale.conf"
export LANG
export DBUS_SESSION_BUS_ADDRESS="unix:path=$XDG_RUNTIME_DIR/bus"
export XDG_CURRENT_DESKTOP=XFCE XDG_CONFIG_DIRS=/etc/xdg XDG_MENU_PREFIX=xfce-
export GTK_IM_MODULE=fcitx QT_IM_MODULE=fcitx XMODIFIERS=@im=fcitx
export NO_AT_BRIDGE=1 SAL_USE_VCLPLUGIN=gtk3
`

// windowsOffice starts the session's bus first: it answers when the daemon has
// gone into the background.
const windowsOffice = `#!/bin/sh
. ` + environmentFile + `
rm -f "$XDG_RUNTIME_DIR/bus"
dbus-daemon --session --address="$DBUS_SESSION_BUS_ADDRESS" --fork --nopidfile
dbus-update-activation-environment --all >/dev/null 2>&1
xdg-user-dirs-update
xfsettingsd --daemon
fcitx5 -d --replace >/dev/null 2>&1
xfdesktop &
xfce4-panel --disable-wm-check &
exec openbox --startup "` + Up + `"
`

// The office shows a person their desktop, not a terminal: that is in the panel.
const terminalOffice = `#!/bin/sh
exit 0
`

const menuOffice = `<?xml version="1.0" encoding="UTF-8"?>
<openbox_menu xmlns="http://openbox.org/3.4/menu">
<menu id="root-menu" label="Desktop">
  <item label="Files"><action name="Execute"><execute>thunar</execute></action></item>
  <item label="Browser"><action name="Execute"><execute>firefox-esr</execute></action></item>
  <item label="Terminal"><action name="Execute"><execute>xfce4-terminal</execute></action></item>
</menu>
</openbox_menu>
`

// inputProfile makes Mozc the second way of input, reached by Ctrl+Space and by
// the keys of a Japanese keyboard; the first is the keyboard as it is.
const inputProfile = `[Groups/0]
Name=Default
Default Layout=us
DefaultIM=mozc

[Groups/0/Items/0]
Name=keyboard-us
Layout=

[Groups/0/Items/1]
Name=mozc
Layout=

[GroupOrder]
0=Default
`

const inputKeys = `[Hotkey/TriggerKeys]
0=Control+space
1=Zenkaku_Hankaku
2=Hangul

[Hotkey/ActivateKeys]
0=Henkan_Mode

[Hotkey/DeactivateKeys]
0=Muhenkan
`

// browserPolicy spares a person the questions of a first start, lets them pass
// by what the plane signed, and sends nothing home (Mozilla, "policy-templates").
const browserPolicy = `{"policies": {
  "DisableTelemetry": true, "DisableFirefoxStudies": true, "DontCheckDefaultBrowser": true,
  "NoDefaultBookmarks": true, "OverrideFirstRunPage": "", "OverridePostUpdatePage": "",
  "DisableProfileImport": true, "SkipTermsOfUse": true, "RequestedLocales": ["ja", "en-US"],
  "UserMessaging": {"SkipOnboarding": true, "WhatsNew": false},
  "Certificates": {"Install": ["/usr/local/share/ca-certificates/tamachi.crt"]}
}}
`

const officeDesktop = `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-desktop" version="1.0">
  <property name="backdrop" type="empty"><property name="screen0" type="empty"><property name="monitorVNC-0" type="empty"><property name="workspace0" type="empty">
    <property name="color-style" type="int" value="0"/>
    <property name="image-style" type="int" value="0"/>
    <property name="rgba1" type="array"><value type="double" value="0.14"/><value type="double" value="0.25"/><value type="double" value="0.36"/><value type="double" value="1"/></property>
  </property></property></property></property>
  <property name="desktop-icons" type="empty">
    <property name="style" type="int" value="2"/>
    <property name="file-icons" type="empty">
      <property name="show-filesystem" type="bool" value="false"/>
      <property name="show-removable" type="bool" value="false"/>
      <property name="show-trash" type="bool" value="false"/>
    </property>
  </property>
</channel>
`

const officeLook = `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xsettings" version="1.0">
  <property name="Net" type="empty">
    <property name="ThemeName" type="string" value="Adwaita"/>
    <property name="IconThemeName" type="string" value="Adwaita"/>
  </property>
  <property name="Gtk" type="empty"><property name="FontName" type="string" value="Noto Sans CJK JP 10"/></property>
</channel>
`

const officePanel = `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=8;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="size" type="uint" value="32"/>
      <property name="plugin-ids" type="array">
        <value type="int" value="1"/><value type="int" value="2"/><value type="int" value="3"/><value type="int" value="4"/>
        <value type="int" value="5"/><value type="int" value="6"/><value type="int" value="7"/><value type="int" value="8"/>
        <value type="int" value="9"/><value type="int" value="10"/>
      </property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="applicationsmenu"/>
    <property name="plugin-2" type="string" value="launcher"><property name="items" type="array"><value type="string" value="firefox-esr.desktop"/></property></property>
    <property name="plugin-3" type="string" value="launcher"><property name="items" type="array"><value type="string" value="thunar.desktop"/></property></property>
    <property name="plugin-4" type="string" value="launcher"><property name="items" type="array"><value type="string" value="libreoffice-writer.desktop"/></property></property>
    <property name="plugin-5" type="string" value="launcher"><property name="items" type="array"><value type="string" value="libreoffice-calc.desktop"/></property></property>
    <property name="plugin-6" type="string" value="launcher"><property name="items" type="array"><value type="string" value="xfce4-terminal.desktop"/></property></property>
    <property name="plugin-7" type="string" value="tasklist"/>
    <property name="plugin-8" type="string" value="separator"><property name="expand" type="bool" value="true"/><property name="style" type="uint" value="0"/></property>
    <property name="plugin-9" type="string" value="systray"/>
    <property name="plugin-10" type="string" value="clock"><property name="digital-format" type="string" value="%m/%d %H:%M"/></property>
  </property>
</channel>
`
