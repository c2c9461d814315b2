import MailText

/// The words that stand before a detail and say what it is. Written by us from the words that letterheads, web forms
/// and business mail use.
enum DetailLabels {
    enum Kind: Sendable {
        case phone, mobile, fax, email, website
        case order, contract, tracking, creditCode
        case name, company, title, address
        /// A number that is none of ours: bank card, postal code, serial number, QQ, amount.
        case otherNumber
        // What follows stands in no front of a value; it says what its sentence or line is.
        /// `我是`, `my name is`: a person says who writes.
        case introduction
        /// `请`, `could you`: a sentence asks for something.
        case request
        case companySuffix, titleWord
        /// Parts of an address: area (省, 市) and street (路, street).
        case area, street
        /// `http://`, `www.`: a web address begins.
        case webAddress

        var precedesValue: Bool {
            switch self {
            case .introduction, .request, .companySuffix, .titleWord, .area, .street, .webAddress: false
            default: true
            }
        }
    }

    static let finder = PhraseFinder(entries.map(\.phrase))

    static func kind(of hit: PhraseFinder.Hit) -> Kind { entries[hit.phrase].kind }

    private static let entries: [(kind: Kind, phrase: String)] = table.flatMap { kind, phrases in
        phrases.split(whereSeparator: { $0 == "|" || $0 == "\n" }).map { (kind, String($0)) }
    }

    private static let table: [(Kind, String)] = [
        (
            .phone,
            """
            电话|電話|电话号码|電話號碼|联系电话|聯絡電話|聯繫電話|聯系電話|联络电话|座机|座機|固话|固話|固定电话
            固定電話|办公电话|辦公電話|公司电话|公司電話|热线|熱線|直线|直線|总机|總機|市話|联系方式|聯絡方式
            聯繫方式|聯系方式
            tel|tel.|telephone|telephone number|phone|phone no|phone number|ph|ph.|office|office phone|work
            work phone|direct|direct line|main|desk|home|call me at|call me on|reach me at|reach me on
            contact number|call|電話番号|代表電話|직통|전화|telefon|téléphone|tél|teléfono|telefono|t|o|p
            """
        ),
        (
            .mobile,
            """
            手机|手機|手机号|手機號|手机号码|手機號碼|移动电话|移動電話|行動電話|行动电话|手机/微信|手機/微信|mobile
            mobile no|mobile number|mobile phone|mob|mob.|cell|cell phone|cellphone|cell number|whatsapp|携帯
            携帯電話|휴대폰|handy|móvil|m|c
            """
        ),
        (.fax, "传真|傳真|传真号|fax|fax no|fax number|fax.|f"),
        (
            .email,
            "邮箱|郵箱|电子邮箱|電子郵箱|电子邮件|電子郵件|电邮|電郵|信箱|邮件|郵件|email|e-mail|email address|e-mail address|mail|メール|メールアドレス|이메일"
        ),
        (.website, "网址|網址|官网|官網|网站|網站|公司网站|公司網站|公司官网|主页|website|web site|web|homepage|url|site|ウェブサイト|ホームページ"),
        (
            .order,
            """
            订单号|訂單號|订单编号|訂單編號|订单号码|訂單號碼|订单号是|订单|訂單|采购订单号|採購訂單號|采购订单
            採購訂單|采购单号|採購單號|采购单|採購單|销售订单号|銷售訂單號|销售单号|购物订单号|定单号|单号|單號
            注文番号|注文no|受注番号|発注番号|注文
            order no|order no.|order nr|order number|order num|order id|order ref|order reference|order #|order#
            order|orders|purchase order|purchase order no|purchase order number|po|po no|po no.|po number|po#|po #
            p.o.|p.o. no|p/o|sales order|so no|so number|my order is|confirmation number|bestellnummer
            numéro de commande|número de pedido
            """
        ),
        (
            .contract,
            """
            合同号|合同號|合同号码|合同號碼|合同编号|合同編號|合约号|合约编号|合約號|合約編號|合約號碼|協議編號
            协议编号|协议号|合同|合約|契約番号|契約書番号|contract no|contract no.|contract number|contract id
            contract ref|contract reference|contract #|contract#|contract|agreement no|agreement no.
            agreement number|agreement
            """
        ),
        (
            .tracking,
            """
            快递单号|快遞單號|物流单号|物流單號|运单号|運單號|运单编号|運單編號|快递号|物流编号|物流編號|追踪号
            追蹤號|追蹤號碼|追踪号码|追踪码|包裹单号|包裹號碼|托运单号|託運單號|寄件编号|寄件單號|配送单号|配送單號
            货运单号|貨運單號|提单号|提單號|顺丰单号|順豐單號|查件单号
            顺丰|順豐|圆通|中通|申通|韵达|ems|お問い合わせ番号|伝票番号|送り状番号|追跡番号|tracking no|tracking no.
            tracking number|tracking id|tracking code|tracking #|tracking#|tracking|track|waybill|waybill no
            waybill no.|waybill number|awb|awb no|awb number|consignment no|consignment number|shipment no
            shipment number|shipment id|parcel no|parcel number|ups|fedex|dhl|usps
            """
        ),
        (
            .creditCode,
            """
            统一社会信用代码|統一社會信用代碼|社会信用代码|社會信用代碼|信用代码|信用代碼|纳税人识别号|納稅人識別號
            纳税识别号|税号|稅號|税务登记号|开票税号|unified social credit code|uscc|social credit code|taxpayer id
            """
        ),
        (
            .name,
            """
            姓名|联系人|联系人姓名|聯絡人|聯絡人姓名|聯繫人|聯系人|联络人|客户姓名|客戶姓名|您的姓名|收货人|收貨人
            收件人|经办人|經辦人|负责人|負責人|申请人|申請人|称呼|稱呼|请联系|請聯絡|請聯繫|請聯系|请联络|请找|氏名
            お名前|名前|ご担当者|担当者|担当|이름|성명|담당자
            name|full name|your name|contact|contact person|contact name|customer name|first name|attn|attention
            please contact
            """
        ),
        (
            .company,
            """
            公司|公司名称|公司名稱|公司名|单位|單位|单位名称|單位名稱|企业名称|企業名稱|客户名称|客戶名稱|客户单位
            所在公司|所属公司|抬头|发票抬头|發票抬頭|開票抬頭|会社名|御社名|貴社名|社名|会社|회사|회사명
            company|company name|organization|organisation|employer|firm|business name|account name
            """
        ),
        (.title, "职位|職位|职务|職務|职称|職稱|岗位|崗位|头衔|頭銜|役職|직책|직위|title|job title|position|role|designation"),
        (
            .address,
            """
            地址|公司地址|联系地址|聯絡地址|聯繫地址|聯系地址|通讯地址|通訊地址|收货地址|收貨地址|寄送地址|邮寄地址
            郵寄地址|收件地址|寄件地址|办公地址|辦公地址|送货地址|送貨地址|新地址|住址|住所|所在地|注册地址|详细地址
            詳細地址|ご住所|주소
            address|postal address|mailing address|shipping address|delivery address|street address|company address
            office address|our address|addr|add
            """
        ),
        (
            .otherNumber,
            """
            卡号|卡號|银行卡|銀行卡|银行卡号|銀行卡號|账号|帳號|賬號|帐号|银行账号|銀行帳號|银行账户|開戶|开户
            开户行|身份证|身份證|身分證|身份证号|qq|qq号|qq號|微信|微信号|微信號|邮编|邮政编码|郵編|郵遞區號
            郵政編碼|序列号|序列號|序號|序号|设备编号|设备号|设备序列号|產品序號|产品编号|产品型号|型号|型號|版本
            版本号|编号|編號|工单号|工單號|工单|工單|验证码|驗證碼
            金额|金額|预算|預算|总价|總價|单价|單價|合计|合計|统一编号|統一編號|税率|ip地址|ip|ip address|发票号
            发票号码|發票號碼|发票代码|流水号|流水號|交易号|批次号|批号|批號|门店编号|房间号|会员号|會員編號|用户id
            用户名|学号|图号|物料号|料号|料號
            serial|serial no|serial no.|serial number|s/n|sn|card|card no|card number|account|account no|account no.
            account number|acct|iban|zip|zip code|postcode|postal code|ticket|ticket no|ticket number|case|case no
            case number|invoice|invoice no|invoice no.|invoice number|invoice #|ref|ref no|reference
            reference number|model|model no|version|build|batch|batch no|lot|amount|budget|total|price|vat|vat no
            tax id|ssn|passport|policy no|license|wechat|line id|skype|id|id no|customer id|customer no|member id
            part no|part number|p/n|sku|code|error code|error|date|dob|born|郵便番号|口座番号|製造番号|型番
            """
        ),
        (.introduction, "我叫|我是|本人是|本人|敝姓|我们是|我們是|来自|來自|这里是|這裡是|小弟|我姓|私は|my name is|this is|i am|i'm|name's"),
        (
            .request,
            """
            请|請|麻烦|麻煩|烦请|煩請|能否|可否|想|需要|希望|要求|是否|申请|申請|建议|建議|吗|嗎|怎么|怎麼|如何|什么
            什麼|无法|無法|不能|多久|ください|お願い|でしょうか
            please|could you|can you|would you|can i|could i|would like|i'd like|need|want|wish|how|when|what|why
            where|is there|are there|do you|help|unable|can't|cannot|not working|i have to
            """
        ),
        (.webAddress, "http://*|https://*|www.*"),
        // The legal forms of the Company Law of China, of Taiwan and of Japan, and those in Latin letters.
        (
            .companySuffix,
            """
            有限责任公司|有限責任公司|股份有限公司|有限公司|股份公司|集团公司|集團公司|株式会社|有限会社|合同会社
            分公司|公司|集团|集團|事务所|事務所|研究院|研究所|大学|大學|医院|醫院|工厂|工廠|商行|企业社|企業社
            实业社|工作室|经营部|商贸行|合作社
            co., ltd.|co., ltd|co.,ltd.|co.,ltd|co. ltd|co ltd|ltd.|ltd|limited|inc.|inc|llc|l.l.c.|gmbh|corp.|corp
            corporation|company|plc|pty ltd|s.a.|b.v.|ag|holdings|group|k.k.|industries|solutions|technologies
            services|systems|enterprises|associates|partners|international|bank|university|stores|supermarkets|foods
            realty|consulting|electronics
            """
        ),
        // Occupations and positions that stand on business cards; background: 中华人民共和国职业分类大典, US SOC.
        (
            .titleWord,
            """
            总经理|總經理|经理|經理|总监|總監|主管|主任|工程师|工程師|专员|專員|助理|董事长|董事長|董事|部长|部長
            课长|課長|科长|科長|处长|秘书|秘書|总裁|總裁|负责人|負責人|采购员|採購員|采购|採購|会计|會計|出纳|顾问
            顧問|代表|业务员|業務員|店长|店長|厂长|廠長|技术员|技術員|文员|管理员|管理員|客服|法务|法務|经办人
            架构师|设计师|設計師|分析师|行政|副总|副總|创始人|合伙人|律师|律師|教授|老师|医生|院长|校长|组长|組長
            队长|班长|领班|跟单|业务|業務|销售|銷售|财务|財務
            manager|director|engineer|president|officer|assistant|analyst|consultant|executive|specialist
            coordinator|administrator|supervisor|attorney|counsel|professor|founder|ceo|cto|cfo|coo|associate
            representative|buyer|accountant|secretary|clerk|technician|developer|designer|planner|partner|owner
            head of|chief|lead|agent|advisor|adviser|architect|scientist|nurse|teacher|operator|programmer
            researcher|worker|driver|inspector|instructor|therapist|superintendent|foreman|editor|writer|controller
            auditor|broker|estimator|mechanic|counselor|trainer|receptionist|surgeon|physician|dentist|pharmacist
            lawyer|paralegal|librarian|photographer|artist|musician|chef|cook|baker|guard|detective|pilot|machinist
            electrician|plumber|carpenter|welder|painter|assembler|installer|repairer|cashier|salesperson|purchasing
            procurement|strategist|recruiter|geologist|chemist|biologist|physicist|economist|statistician
            mathematician|psychologist|sociologist|historian|translator|interpreter
            """
        ),
        // GB/T 23705 (digital addresses) names the parts of a Chinese address.
        (.area, "省|市|区|區|县|縣|自治州|镇|鎮|乡|鄉|香港|九龙|九龍|新界|澳门|澳門"),
        (
            .street,
            """
            路|街|号|號|道|巷|弄|段|大厦|大廈|楼|樓|园区|園區|村|室|栋|棟
            street|st|st.|avenue|ave|ave.|road|rd|rd.|drive|dr|lane|ln|boulevard|blvd|court|ct|way|place|pl|terrace
            circle|parkway|highway|square|suite|northwest|northeast|southwest|southeast
            """
        ),
    ]
}
