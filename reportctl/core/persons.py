"""Words by which a heading asks for a person, or for what identifies one; all as `letters.bare` has them.

Counts of people by sex, age and the like are figures (`ABOUT_COUNTS`).
"""

from __future__ import annotations

import re

PERSON_NAME = re.compile(
    r".*\b(?:ho va ten|ho ten|ho, ten|ten (?:nguoi|can bo|hoc sinh|sinh vien|benh nhan|nguoi lao dong"
    r"|chu ho|hoi vien|dang vien"
    r"|vien chuc|cong chuc|giao vien|doan vien)|full name|first name|last name|surname|name of (?:person"
    r"|employee|patient|student)"
    r"|(?:employee|patient|student|person|member)(?:'s)? name)\b.*"
)
PERSON_ID = re.compile(
    r".*\b(?:cccd|cmnd|cmtnd|cmt|can cuoc|chung minh (?:nhan dan|thu)|so dinh danh|dinh danh ca nhan"
    r"|ho chieu|passport|so bhxh|ma so bhxh"
    r"|so the bhyt|ma the bhyt|so the dang|so the dang vien|ma so thue ca nhan|national id"
    r"|identity (?:card|number)|id card|ssn"
    r"|social security (?:no|number)|personal (?:id|code|identification)|citizen id)\b.*"
)
PERSON_MORE = re.compile(
    r".*\b(?:ngay sinh|ngay,? thang,? nam sinh|nam sinh|sinh ngay|date of birth|dob|birth ?date"
    r"|so dien thoai|dien thoai|sdt|phone"
    r"|mobile|que quan|noi thuong tru|dia chi thuong tru|ho khau|so tai khoan|bank account|email"
    r"|home address)\b.*"
)
ABOUT_COUNTS = re.compile(r".*\b(?:so luong|so nguoi|tong so|luot|number of|count|total)\b.*")
