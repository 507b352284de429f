"""What keeps the store right over the years.

erasing ──────── takes a person out, for good
suppression ──── lets the opt-out of an erased person stand
retention ────── drops what nobody needs any more, little by little
reconciling ──── compares the copies with Marketo at night and repairs what differs
"""
