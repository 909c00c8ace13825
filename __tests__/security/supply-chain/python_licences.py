"""`python python_licences.py`: the licences of what this Python has installed, as one JSON object.

Packages say theirs in three ways (PyPA core metadata): an SPDX expression, classifiers, or words of
their own. What is none of those is null: it has to be looked up.
"""

from __future__ import annotations

import importlib.metadata
import json
import re

#: Classifiers that name one licence.
CLASSIFIERS = {
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: MIT No Attribution License (MIT-0)": "MIT-0",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "License :: OSI Approved :: Python Software Foundation License": "PSF-2.0",
    "License :: OSI Approved :: ISC License (ISCL)": "ISC",
    "License :: OSI Approved :: The Unlicense (Unlicense)": "Unlicense",
    # Of two or three clauses; the three ask for more.
    "License :: OSI Approved :: BSD License": "BSD-3-Clause",
}
#: Words that are no SPDX identifier.
WORDS = {
    "mit license": "MIT",
    "the mit license": "MIT",
    "the mit license (mit)": "MIT",
    "apache 2.0": "Apache-2.0",
    "apache 2": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache-2": "Apache-2.0",
    "http://www.apache.org/licenses/license-2.0": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "bsd 3-clause": "BSD-3-Clause",
    "new bsd license": "BSD-3-Clause",
    "psf-2.0": "PSF-2.0",
}
SPDX = re.compile(r"[A-Za-z0-9.+-]+( (OR|AND|WITH) [A-Za-z0-9.+-]+)*")


def licence(package: importlib.metadata.Distribution) -> str | None:
    metadata = package.metadata
    expression = metadata.get("License-Expression")
    if expression:
        return expression
    classifiers = metadata.get_all("Classifier") or []
    named = sorted({CLASSIFIERS[one] for one in classifiers if one in CLASSIFIERS})
    others = [one for one in classifiers if one.startswith("License ::")]
    if named and len(named) == len([one for one in others if one != "License :: OSI Approved"]):
        return " OR ".join(named)
    words = (metadata.get("License") or "").strip()
    if words.lower() in WORDS:
        return WORDS[words.lower()]
    return words if "-" in words and SPDX.fullmatch(words) or words in ("MIT", "ISC") else None


def name_of(package: importlib.metadata.Distribution) -> str:
    return re.sub(r"[-_.]+", "-", package.metadata["Name"]).lower()


if __name__ == "__main__":
    found = {name_of(one): licence(one) for one in importlib.metadata.distributions()}
    print(json.dumps(dict(sorted(found.items())), indent=2))
