/// What other programs, and people who think in Chinese, call the words of rules.
enum Synonyms {
    /// The first of what the word may mean that is known here.
    static func meant(by word: String, known: [String]) -> String? {
        table[word.lowercased()]?.first { known.contains($0) }
    }

    private static let table: [String: [String]] = [
        // Keys.
        "标题": ["subject"], "標題": ["subject"], "主题": ["subject"], "主題": ["subject"], "主旨": ["subject"],
        "正文": ["text"], "内容": ["text"], "內容": ["text"], "body": ["text"], "content": ["text"],
        "发件人": ["from"], "寄件人": ["from"], "寄件者": ["from"], "sender": ["from"],
        "收件人": ["to"], "收件者": ["to"], "receiver": ["recipient"], "抄送": ["cc", "watch"],
        "附件": ["attachment.name"], "附件名": ["attachment.name"], "filename": ["attachment.name"],
        "语言": ["language"], "語言": ["language"], "lang": ["language"],
        "分类": ["category"], "分類": ["category"], "类别": ["category"], "類別": ["category"],
        "紧急": ["urgency"], "紧急程度": ["urgency"], "緊急程度": ["urgency"], "优先级": ["urgency"],
        "優先級": ["urgency"], "priority": ["urgency"], "severity": ["urgency"],
        "重要性": ["importance"], "客户等级": ["customer.tier"], "客戶等級": ["customer.tier"],
        "tier": ["customer.tier"], "时间": ["time"], "時間": ["time"], "日期": ["date"], "星期": ["weekday"],
        // Parts of a rule, and actions.
        "名称": ["name"], "名稱": ["name"], "条件": ["when"], "條件": ["when"], "动作": ["then"], "動作": ["then"],
        "团队": ["team"], "團隊": ["team"], "部门": ["team"], "部門": ["team"], "group": ["team"], "queue": ["team"],
        "负责人": ["assignee"], "負責人": ["assignee"], "owner": ["assignee"], "person": ["assignee"],
        "标签": ["tags"], "標籤": ["tags"], "label": ["tags"], "labels": ["tags"],
        "回复": ["reply"], "回覆": ["reply"], "template": ["reply"], "answer": ["reply"],
        "通知": ["notify"], "forward": ["notify"], "alert": ["notify"], "cc": ["watch"],
        "移动": ["move_to"], "移動": ["move_to"], "move": ["move_to"], "folder": ["mailbox", "move_to"],
        "忽略": ["ignore"], "delete": ["ignore"], "discard": ["ignore"], "截止": ["due"], "deadline": ["due"],
        "sla": ["due"], "hold": ["hold_reply"],
        // Tests of a value.
        "包含": ["contains"], "includes": ["contains"], "has": ["contains"], "like": ["contains"],
        "equal": ["is"], "==": ["is"], "=": ["is"], "begins": ["starts"], "starts_with": ["starts"],
        "prefix": ["starts"], "ends_with": ["ends"], "suffix": ["ends"], "regex": ["matches"],
        "regexp": ["matches"], "pattern": ["matches"], "greater": ["over"], "more": ["over"], ">": ["over"],
        "min": ["at_least"], ">=": ["at_least"], "less": ["under"], "<": ["under"], "max": ["at_most"],
        "<=": ["at_most"],
        // Words.
        "client": ["customer"], "employee": ["agent"], "colleague": ["agent"], "machine": ["automatic"],
        "exe": ["runnable"], "pending": ["waiting"], "finished": ["resolved"], "hard": ["complex"],
        "difficult": ["complex"], "easy": ["simple"], "medium": ["normal"], "dkim": ["authenticated"],
        "order_number": ["order_no"], "monday": ["mon"], "tuesday": ["tue"], "wednesday": ["wed"],
        "thursday": ["thu"], "friday": ["fri"], "saturday": ["sat"], "sunday": ["sun"], "星期一": ["mon"],
        "星期二": ["tue"], "星期三": ["wed"], "星期四": ["thu"], "星期五": ["fri"], "星期六": ["sat"],
        "星期日": ["sun"], "周六": ["sat"], "周日": ["sun"],
    ]
}
