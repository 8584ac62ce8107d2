"""Edits a Word document in LibreOffice as people do, and saves it; run by a Python that has its `uno` module.

Arguments: soffice, its profile folder, the document, the result, then pairs of words: what to find and what
to put in its place. An empty first word of a pair adds the second as a paragraph after the body's first one.
"""

import os
import pathlib
import signal
import subprocess
import sys
import time

import uno
from com.sun.star.beans import PropertyValue


def value(name, what):
    made = PropertyValue()
    made.Name, made.Value = name, what
    return made


def connect(pipe):
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    for _attempt in range(120):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:
            time.sleep(0.5)
    raise SystemExit("LibreOffice does not answer")


def edit(document, pairs):
    for old, new in pairs:
        if old:
            change = document.createReplaceDescriptor()
            change.SearchString, change.ReplaceString, change.SearchCaseSensitive = old, new, True
            if not document.replaceAll(change):
                raise SystemExit(f"“{old}” is not there")
        else:
            text = document.Text
            cursor = text.createTextCursor()
            cursor.gotoEndOfParagraph(False)
            text.insertControlCharacter(cursor, 0, False)
            text.insertString(cursor, new, False)


def main(soffice, profile, source, target, *words):
    pipe = f"reportctl{pathlib.Path(profile).name.replace('-', '')}"
    office = subprocess.Popen(
        [soffice, "--headless", f"--accept=pipe,name={pipe};urp;", f"-env:UserInstallation={profile}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # soffice is a script that starts the office: both are ended together
    )
    try:
        context = connect(pipe)
        desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        url = pathlib.Path(source).as_uri()
        document = desktop.loadComponentFromURL(url, "_blank", 0, (value("Hidden", True),))
        edit(document, list(zip(words[::2], words[1::2], strict=True)))
        saved = value("FilterName", "MS Word 2007 XML")
        document.storeToURL(pathlib.Path(target).as_uri(), (saved,))
        document.close(True)
    finally:
        os.killpg(office.pid, signal.SIGKILL)
        office.wait()


main(*sys.argv[1:])
# Not through the end of the interpreter: threads of the bridge may still be at a pipe that was just closed.
os._exit(0)
