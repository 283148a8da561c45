package image

// sound is how PulseAudio begins, which programs that play or listen start by
// themselves and which ends by itself after them: a device of nobody, and a
// socket beside the display's that sends what is played to it; a second one for
// what comes in, of which programs see the end alone, a microphone. "norewinds" keeps what is on
// its way to 50 ms (PulseAudio, "Modules", module-null-sink).
const sound = `.fail
load-module module-null-sink sink_name=browser rate=48000 channels=2 format=s16le norewinds=1 sink_properties=device.description=Browser
load-module module-native-protocol-unix
load-module module-simple-protocol-unix record=true playback=false source=browser.monitor rate=48000 channels=2 format=s16le socket=` + Signals + `/display/sound
set-default-sink browser
load-module module-null-sink sink_name=visitor rate=48000 channels=1 format=s16le norewinds=1 sink_properties=device.description=Visitor
load-module module-remap-source master=visitor.monitor source_name=microphone source_properties=device.description=Microphone
load-module module-simple-protocol-unix record=false playback=true sink=visitor rate=48000 channels=1 format=s16le socket=` + Signals + `/display/microphone
set-default-source microphone
`
