"""The compressed twins of a site's files, which a server hands out as they are."""

import gzip
from pathlib import Path

# What is read whole and gets smaller. The data (.duckdb) is read in ranges, which rules it out;
# fonts and pictures are compressed already.
_PACKED = {".html", ".js", ".css", ".json", ".svg", ".wasm", ".arrow", ".webmanifest"}
_SMALLEST_BYTES = 1024


def pack_files(folder: Path) -> None:
    """Write `<file>.gz` beside each file below a folder that compression makes smaller.

    nginx (gzip_static) and the project's own server send the twin to who accepts it. Without a
    time in it, equal files have equal twins, which releases share.
    """
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.suffix not in _PACKED:
            continue
        if path.stat().st_size < _SMALLEST_BYTES:
            continue
        twin = path.with_name(f"{path.name}.gz")
        twin.write_bytes(gzip.compress(path.read_bytes(), compresslevel=6, mtime=0))
