#!/bin/sh
# Sign the .app (every program file inside first), or sign, notarise and staple the disk image.
# Never run: it needs a Mac, a Developer ID certificate in the key chain and, once before,
#     xcrun notarytool store-credentials incident-desk
# Called by `python packaging/build.py dmg --identity "Developer ID Application: NAME (TEAM)"`.
set -eu

what="$1" target="$2" identity="$3"
here="$(cd "$(dirname "$0")" && pwd)"

sign() {
    codesign --force --timestamp --options runtime --sign "$identity" "$@"
}

case "$what" in
app)
    # From the inside out: a bundle's signature covers those of what is in it.
    find "$target/Contents/Frameworks" -type f |
        while IFS= read -r file; do
            case "$(file -b "$file")" in *Mach-O*) sign "$file" ;; esac
        done
    find "$target/Contents/Frameworks" -depth -type d -name '*.framework' |
        while IFS= read -r framework; do sign "$framework"; done
    sign --entitlements "$here/entitlements.plist" "$target"
    codesign --verify --deep --strict "$target"
    ;;
dmg)
    sign "$target"
    xcrun notarytool submit "$target" --keychain-profile incident-desk --wait
    xcrun stapler staple "$target"
    spctl --assess --type open --context context:primary-signature "$target"
    ;;
*)
    echo "Say app or dmg, then the file, then the identity." >&2
    exit 2
    ;;
esac
