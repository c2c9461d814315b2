/// The words by which a signature is known, as tables: phrases between bars, each table with its meaning above it.
///
/// They were gathered from what people and programs write, not from one list: the closing formulas of letters in each
/// language, the notes that Outlook, Gmail, Apple Mail, QQ Mail, NetEase, Samsung and others add on phones, and the
/// labels of business cards. Everything in lower case; full-width forms are not needed here, because
/// only the beginnings of lines are compared.
enum SignaturePhrases {
    /// Closing words: the signature stands below them. Compared with the whole line but for punctuation.
    static let closings: Set<UInt64> = set(
        """
        regards|best regards|best regard|kind regards|kindest regards|warm regards|warmest regards|with regards
        with best regards|with kind regards
        best wishes|best|all the best|many thanks|thanks|thanks a lot|thanks again|thanks in advance|thank you
        thank you very much|thank you in advance
        thanks and regards|thanks & regards|thanks and best regards|thank you and best regards|thanks so much
        thank you so much
        sincerely|sincerely yours|yours sincerely|yours faithfully|faithfully yours|yours truly|very truly yours
        yours|respectfully|respectfully yours
        cheers|cordially|take care|br|rgds|brgds|kr|tks|thx|tia|ty|love|xoxo|have a nice day|have a great day
        looking forward to your reply
        此致|敬礼|敬禮|此致敬礼|此致敬禮|祝好|顺颂商祺|順頌商祺|顺祝商祺|順祝商祺|祝商祺|顺颂时祺|順頌時祺|敬上|谨上
        謹上|谨启|謹啟|敬启|敬啟|谢谢|謝謝|多谢|多謝
        谢谢您|謝謝您|感谢|感謝|非常感谢|非常感謝|谢谢支持|盼复|盼覆|盼復|盼回复|盼回覆|望回复|静候佳音|靜候佳音
        祝工作顺利|祝工作順利|工作顺利|祝生意兴隆|祝生意興隆
        辛苦了|麻烦了|麻煩了|顺祝商安|順祝商安|即颂商祺|即頌商祺|敬颂商祺|敬頌商祺|祝您工作愉快|祝工作愉快
        祝您生活愉快|商祺|时祺|順頌商安|顺颂商安|祝您健康|祝安好
        敬具|以上|よろしくお願いいたします|よろしくお願い致します|宜しくお願いいたします|宜しくお願い致します
        よろしくお願いします|宜しくお願いします|どうぞよろしくお願いいたします|草々
        以上、よろしくお願いいたします|以上、よろしくお願い致します|以上、宜しくお願い致します|감사합니다
        감사 드립니다
        mit freundlichen grüßen|mit freundlichen gruessen|mit freundlichem gruß|freundliche grüße|viele grüße
        beste grüße|mfg|vg|lg|liebe grüße|gruß
        cordialement|bien cordialement|bien à vous|sincères salutations|salutations|saludos|saludos cordiales
        un saludo|atentamente|cordiali saluti|distinti saluti
        atenciosamente|atentamente|cumprimentos|met vriendelijke groet|met vriendelijke groeten|groeten|с уважением
        спасибо|med vänlig hälsning|vänliga hälsningar|mvh
        pozdrawiam|z poważaniem|terveisin|ystävällisin terveisin|med venlig hilsen|med vennlig hilsen
        """)

    /// Beginnings of short lines that close a mail with more words than a set can list.
    static let closingBeginnings =
        """
        thanks|thank you|best regards|kind regards|regards|sincerely|yours|cheers|many thanks|此致|顺祝|順祝|顺颂
        順頌|谢谢|謝謝|感谢|感謝|盼复|盼覆|祝您|祝你|祝好
        祝商|敬祝|期待您的|期待您|静候|靜候|辛苦|麻烦您|よろしく|宜しく|何卒|以上、|mit freundlich|viele grüße
        cordialement|bien cordialement|saludos|с уважением
        """

    /// What mail apps write below a mail by themselves.
    static let appLines =
        """
        sent from my |sent from mail|sent from yahoo|sent from outlook|sent from samsung|sent from proton|sent with 
        sent via |get outlook for |get [outlook for |sent by |from my |via mobile|(sent from |<<sent |ᐧ
        diese nachricht wurde von mein|verzonden met |inviato dal |enviado a partir |wysłano z |envoyé à partir |sent on the go
        发自我的|發自我的|从我的|來自我的|来自我的|从手机发送|发自网易邮箱|發自網易郵箱|来自网易邮箱|发自qq邮箱|来自qq邮箱|来自 qq邮箱|來自 qq郵箱|来自 outlook
        发自 |發自 |從我的|我的iphone|发自手机|发送自|傳送自|使用 outlook|通过手机发送
        iphoneから送信|ipadから送信|androidから送信|私のiphone|나의 iphone에서|내 iphone에서|iphone에서
        von meinem |gesendet von |envoyé de mon |envoyé depuis |enviado desde |enviado do |inviato da 
        verzonden vanaf |отправлено с |отправлено из
        wysłane z |skickat från |sendt fra |lähetetty 
        """

    /// How confidentiality notes begin; what follows them is not the writer's either.
    static let disclaimers =
        """
        confidentiality notice|confidential:|disclaimer|this e-mail and any|this email and any|this message and any
        this e-mail is confidential|this email is confidential
        this message is intended|this e-mail is intended|this email is intended|this communication is
        the information contained in this|the information in this e
        the information transmitted|this electronic message|this e-mail message|this email message
        please consider the environment|notice: this e|important notice
        if you are not the intended|this transmission|本邮件及其附件|本邮件及附件|本邮件(包括|本邮件（包括
        本邮件可能含有|本邮件含有|此邮件|本电子邮件|本郵件及其附件|本郵件及附件|此郵件|本電子郵件
        本信件可能包含|保密声明|保密聲明|免责声明|免責聲明|声明：本邮件|声明：|このメールは|本メールには|本メールは
        diese e-mail enthält|ce message et
        """

    /// Labels that lead a contact line. The value is how strongly it says "signature", 1 or 2.
    static let labels: [UInt64: Int] = {
        var table: [UInt64: Int] = [:]
        let names: [(Int, String)] = [
            (
                2,
                "tel|tel.|telephone|phone|ph|ph.|mobile|mob|mob.|cell|cellphone|direct|direct line|office|fax|m|t|p|f|o|c|d|e|w|a|tel/fax|main|desk|work|home"
            ),
            (
                2,
                "email|e-mail|mail|web|website|site|url|www|skype|wechat|whatsapp|qq|line|linkedin|twitter|homepage|work phone|office phone|cell phone"
            ),
            (2, "电话|電話|手机|手機|移动电话|行動電話|座机|座機|固话|固話|传真|傳真|热线|熱線|邮箱|郵箱|电子邮件|電子郵件|电邮|電郵|信箱|邮件|郵件|微信|网址|網址|官网|官網|网站|網站"),
            (
                2,
                "联系电话|聯絡電話|聯繫電話|聯系電話|聯系方式|备用电话|備用電話|联系方式|聯絡方式|聯繫方式|手机号|手機號|手机号码|手機號碼|电话号码|電話號碼|办公电话|辦公電話|分机|分機|直线|直線|电子邮箱|電子郵箱|联络电话|连络电话"
            ),
            (
                1,
                "姓名|联系人|聯絡人|聯繫人|聯系人|公司|公司名称|公司名稱|单位|單位|职位|職位|职务|職務|职称|職稱|部门|部門|地址|公司地址|联系地址|聯絡地址|通訊地址|通讯地址|邮编|郵編|郵遞區號|収|氏名"
            ),
            (
                1,
                "name|company|title|position|job title|department|dept|address|addr|add|contact|organization|organisation|role|location"
            ),
            (
                2,
                "会社名|部署|役職|住所|担当|担当者|携帯|内線|メール|メールアドレス|fax番号|電話番号|휴대폰|전화|이메일|주소|telefon|tél|tél.|teléfono|telefono|móvil|mobil|correo|adresse|тел|тел."
            ),
        ]
        for (weight, list) in names {
            for name in list.split(separator: "|").flatMap(bothCases) { table[LabelHash.of(name)] = weight }
        }
        return table
    }()

    /// Endings of company names, administrative words and titles that a signature line may consist of.
    static let lineParts =
        """
        有限公司|有限责任公司|有限責任公司|股份公司|集团|集團|事务所|事務所|株式会社|有限会社|合同会社|经理|經理
        总监|總監|主管|工程师|工程師|专员|專員|主任|助理|董事|部长|部長|課長|秘书|秘書|总裁|代表
        销售部|銷售部|采购部|採購部|客服部|技术部|技術部|市场部|財務部|财务部|营业部|営業部|总经理|总经办|负责人
        負責人|采购员|会计|會計|法务|顾问|顧問
        """

    /// The same in Latin letters, compared as words.
    static let latinParts =
        """
        inc|ltd|llc|gmbh|corp|corporation|company|co.,|limited|plc|s.a.|b.v.|pty|ag|manager|director|engineer
        president|officer|assistant|analyst
        consultant|department|executive|specialist|coordinator|administrator|supervisor|attorney|counsel|professor
        founder|ceo|cto|cfo|coo|associate|representative
        street|suite|avenue|road|blvd|floor|p.o. box|p o box
        """

    /// Words of lines that name the matter of the mail; their numbers are no contact.
    static let matters = """
        订单|訂單|合同|合約|快递单|快遞單|快递号|快遞號|快递公司|快遞公司|物流单|物流單|物流号|物流號|物流编号|物流編號|运单|運單|单号|單號|发票|發票|税号|稅號|识别号|識別號|注文番号|order
        orders|tracking|contract|invoice|waybill|po no|purchase order|序列号|序列號|型号|型號|编号|編號|账号|帳號|賬號
        serial|account number|account no|account id|case id|case no|case number|ticket|ref.|reference|agreement no
        agreement number|model no|booking|policy no|policy number|quote no|part no|sku|imei
        """

    /// How the writer begins to say who they are.
    static let introductions = "我是|我叫|我司是|本人是|这里是|這裡是|這裏是|my name is "

    /// How a line begins that was written after the signature.
    static let postscripts = "p.s.|ps:|ps |ps.|pps|p.p.s|又及|附言|另：|另:|另外|补充|補充|追伸|추신|nachtrag|post scriptum"

    /// Words of a line that announces what stands below it.
    static let announcements: [[UInt8]] = [
        "以下", "如下", "下面", "下列", "following", "as follows", "below", "下記", "folgende",
    ]
    .map { Array($0.utf8) }

    /// What a line of an address says.
    static let places = "地址|住址|邮寄到|郵寄到|寄送至|address"

    /// Words of one line that are no name, though a capital begins them: short answers and calls for haste.
    static let ordinaryWords: Set<UInt64> = set(
        """
        yes|no|ok|okay|sure|done|none|agreed|approved|confirmed|correct|both|please|please help|please advise|help
        urgent|asap|now|today|tomorrow|fyi|monday|tuesday|wednesday|thursday|friday|saturday|sunday|enjoy|congrats
        congratulations|hello|hi|hey|great|perfect|awesome|wow|sorry|bye|attachment|attached|end|nb|ps|na|red|blue
        马上|馬上|方便|高兴|高興|平安|安全|黄色|黃色|白色|金色|金额|金額|万分|程序|方案|安装|安裝|高级|高級|常用
        """)

    /// Surnames by which a line of two or three Chinese characters is taken for a name: about a hundred of the most
    /// frequent ones (the yearly name reports of the Ministry of Public Security of China rank them), in both scripts.
    static let surnames: Set<UInt64> = Set(
        """
        王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟
        姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤
        張劉陳楊黃趙吳孫馬羅鄭謝許韓鄧馮蕭蔣葉魏蘇呂盧鍾譚陸範韋賈鄒閆龍賀顧龔萬錢嚴湯
        """.filter { !$0.isWhitespace }.map { LabelHash.of(String($0)) })

    /// Small words inside names, and between the names of two.
    static let nameParticles: Set<UInt64> = set(
        "van|von|der|den|de|da|di|du|la|le|bin|al|el|ter|ten|dos|and|und|et|y|e|i")

    static func set(_ text: String) -> Set<UInt64> {
        Set(
            text.split(whereSeparator: { $0 == "|" || $0 == "\n" }).flatMap(bothCases)
                .map { closingKey(Array($0.utf8)) })
    }

    /// A closing line without punctuation and blanks, so that `Best regards,` and `此致  敬礼！` find their entry.
    static func closingKey(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
        var hash = LabelHash()
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            if isASCIILetterOrDigit(byte) {
                hash.add(byte)
                index += 1
            } else if byte < 0x80 {
                index += 1
            } else {
                let end = min(index + utf8Length(leadByte: byte), range.upperBound)
                if !isPunctuation(bytes, index..<end) { for place in index..<end { hash.add(bytes[place]) } }
                index = end
            }
        }
        return hash.value
    }

    private static func closingKey(_ bytes: [UInt8]) -> UInt64 { closingKey(bytes, 0..<bytes.count) }

    /// U+2000 to U+206F, U+3000 to U+303F, full-width forms of ASCII punctuation, no-break space.
    private static func isPunctuation(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        switch (bytes[range.lowerBound], range.count) {
        case (0xE2, 3): bytes[range.lowerBound + 1] < 0x82
        case (0xE3, 3): bytes[range.lowerBound + 1] == 0x80
        case (0xEF, 3):
            bytes[range.lowerBound + 1] == 0xBC && bytes[range.lowerBound + 2] < 0x90
                || bytes[range.lowerBound + 2] > 0x98 && bytes[range.lowerBound + 1] == 0xBC
                    && bytes[range.lowerBound + 2] < 0xA0
        case (0xC2, 2): bytes[range.lowerBound + 1] == 0xA0
        default: false
        }
    }

    /// What a phrase says of the line it stands in.
    enum Mark: UInt8, Sendable {
        case closing = 1, app = 2, disclaimer = 4, part = 8, matter = 16, introduction = 32, place = 64, postscript =
            128

        /// Whether it only counts at the beginning of the line.
        var opensLine: Bool { self != .part && self != .matter && self != .place }
    }

    static let finder = PhraseFinder(marked.map(\.phrase))

    static func mark(of hit: PhraseFinder.Hit) -> Mark { marked[hit.phrase].mark }

    private static let marked: [(mark: Mark, phrase: String)] = {
        let lists: [(Mark, String)] = [
            (.closing, closingBeginnings), (.app, appLines), (.disclaimer, disclaimers), (.part, lineParts),
            (.part, latinParts), (.matter, matters), (.introduction, introductions), (.place, places),
            (.postscript, postscripts),
        ]
        return lists.flatMap { mark, list in
            list.split(whereSeparator: { $0 == "|" || $0 == "\n" }).flatMap(bothCases).map { phrase in
                // A line goes on behind its beginning, in the middle of a word as well.
                (mark, mark.opensLine ? phrase + "*" : String(phrase))
            }
        }
    }()
}
