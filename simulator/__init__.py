"""Plays Tencent on one machine: the platform's API, its pushes with retries, and phones in a browser.

`create_app(Config(...))` gives the aiohttp application, `python -m simulator --help` the same as a process.
Paths of api.weixin.qq.com are where the platform has them; the phones are at `/`; and a test drives it by:

    POST   /sim/users                       {"openid"?, "nickname"?, "role"?} -> {"openid"}
    GET    /sim/users                       -> {"users": [...]}
    POST   /sim/users/ID/follow             {"scene"?}    as scan and send: waits for the end of the push,
    POST   /sim/users/ID/unfollow                         -> {"msg_id", "attempts", "reply", "seconds", "failure"}
    POST   /sim/users/ID/scan               {"scene"}     a scene, a ticket or what a code's picture says
    POST   /sim/users/ID/send               {"type": "text", "content"} | {"type": "option", "text", "id"}
                                            | {"type": "image" or "voice" or "video", "path"? or "base64"?}
                                            | {"type": "location", "lat", "lng", "label"} | {"type": "menu", "key"}
                                            | {"type": "link", "title", "url"} | {"type": "view", "url"}
                                            | {"type": "raw", "fields": {"MsgType", ...}}
    GET    /sim/users/ID/messages           ?after=SEQ&wait=SECONDS -> the messages as a list
    POST   /sim/users/ID/subscribe          {"template_id", "count"}: allows (0: refuses) subscription messages
    POST   /sim/users/ID/templates          {"blocked"} or {"report"}: what becomes of template messages
    POST   /sim/users/ID/pay                a payment that went through
    POST   /sim/mode                        {"menu_ids"?, "tap_opens_window"?, "payment_opens_window"?}; GET
    POST   /sim/reviews                     template messages in review (errcode 40252) pass and are delivered
    POST   /sim/push                        {"openid", "send", "copies", "targets"?}: one push several times at once
    POST   /sim/faults                      {"api", "errcode" or "status" or "delay_s" or "drop", "times", "after"?}
    GET, DELETE /sim/faults
    POST   /sim/clock                       {"advance_s"}: windows, quotas, tokens, codes and files age
    GET    /sim/calls                       ?api=NAME&after=N -> {"calls": [...]}; DELETE forgets them
    DELETE /sim/tokens                      every access token is invalid at once
    POST   /sim/templates                   {"template_id", "title", "content", "constants"?}
    POST   /sim/verify                      the GET check of the callback -> {"verified"}
    GET    /sim/menu, /sim/qrcodes, /sim/events (live), /sim/media/ID

What makes no sense is answered 400 or 404 with {"error": a sentence}.
"""
