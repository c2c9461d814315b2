package import Foundation
package import Vocabulary

/// A moment as a customer reads it, with the zone named: `2026年11月23日（星期一）18:00（北京时间）`,
/// `Monday, 23 November 2026, 18:00 (Beijing time)`. No locale is asked: the same values give the same letter everywhere.
package func momentText(_ date: Date, timeZone: TimeZone, language: Language) -> String {
    let clock = WallClock(date, timeZone: timeZone)
    let time = "\(twoDigits(clock.hour)):\(twoDigits(clock.minute))"
    let zone = zoneName(timeZone, at: date, language: language)
    switch language {
    case .simplifiedChinese, .traditionalChinese, .japanese:
        return "\(dayText(date, timeZone: timeZone, language: language))\(time)（\(zone)）"
    default:
        return "\(dayText(date, timeZone: timeZone, language: language)), \(time) (\(zone))"
    }
}

/// The day alone: `2026年11月23日（星期一）`, `Monday, 23 November 2026`.
package func dayText(_ date: Date, timeZone: TimeZone, language: Language) -> String {
    let clock = WallClock(date, timeZone: timeZone)
    let day = "\(clock.year)年\(clock.month)月\(clock.day)日"
    switch language {
    case .simplifiedChinese, .traditionalChinese: return "\(day)（星期\("日一二三四五六".dropFirst(clock.weekday).prefix(1))）"
    case .japanese: return "\(day)（\("日月火水木金土".dropFirst(clock.weekday).prefix(1))）"
    default: return "\(weekdays[clock.weekday]), \(clock.day) \(months[clock.month - 1]) \(clock.year)"
    }
}

/// A shipped category as a customer reads it; nil for those that an admin added and those that no customer should see.
package func categoryLabel(_ category: Category, language: Language) -> String? {
    guard let labels = categoryLabels[category] else { return nil }
    switch language {
    case .simplifiedChinese: return labels[0]
    case .traditionalChinese: return labels[1]
    case .japanese: return labels[3]
    default: return labels[2]
    }
}

private let categoryLabels: [Category: [String]] = [
    .inquiry: ["咨询", "諮詢", "inquiry", "お問い合わせ"],
    .complaint: ["投诉", "投訴", "complaint", "苦情"],
    .suggestion: ["建议", "建議", "suggestion", "ご意見・ご提案"],
    .contractOrder: ["合同与订单", "合約與訂單", "contract or order", "ご契約・ご注文"],
    .progress: ["进度查询", "進度查詢", "progress of your case", "進捗のご確認"],
    .service: ["技术服务", "技術服務", "technical support", "技術サポート"],
    .process: ["流程咨询", "流程諮詢", "procedures", "お手続き"],
    .billing: ["账务与发票", "帳務與發票", "billing", "ご請求・お支払い"],
    .customerChange: ["资料变更", "資料變更", "change of your details", "登録情報の変更"],
]

/// What the customer is asked for, as he reads it.
package func fieldLabel(_ field: Detail.Field, language: Language) -> String {
    let labels = fieldLabels[field] ?? [field.rawValue, field.rawValue, field.rawValue, field.rawValue]
    switch language {
    case .simplifiedChinese: return labels[0]
    case .traditionalChinese: return labels[1]
    case .japanese: return labels[3]
    default: return labels[2]
    }
}

private let fieldLabels: [Detail.Field: [String]] = [
    .name: ["您的姓名", "您的姓名", "your name", "お名前"],
    .company: ["公司名称", "公司名稱", "your company", "貴社名"],
    .title: ["您的职务", "您的職稱", "your position", "お役職"],
    .phone: ["联系电话", "聯絡電話", "a telephone number", "お電話番号"],
    .email: ["电子邮箱", "電子郵件地址", "an e-mail address", "メールアドレス"],
    .address: ["联系地址", "聯絡地址", "your postal address", "ご住所"],
    .website: ["网址", "網址", "your website", "ウェブサイト"],
    .orderNumber: ["订单号", "訂單編號", "the order number", "ご注文番号"],
    .contractNumber: ["合同编号", "合約編號", "the contract number", "契約番号"],
    .trackingNumber: ["物流单号", "物流單號", "the tracking number", "送り状番号"],
    .creditCode: ["统一社会信用代码", "統一編號", "your company registration number", "法人番号"],
    .need: ["您希望我们做什么", "您希望我們協助的事項", "what you would like us to do", "ご希望の内容"],
]

private let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
private let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]

/// Chinese (simplified, traditional), English, Japanese. A zone that is not here is shown by its distance from UTC.
private let zoneNames: [String: [String]] = [
    "Asia/Shanghai": ["北京时间", "北京時間", "Beijing time", "北京時間"],
    "Asia/Hong_Kong": ["香港时间", "香港時間", "Hong Kong time", "香港時間"],
    "Asia/Taipei": ["台北时间", "台北時間", "Taipei time", "台北時間"],
    "Asia/Singapore": ["新加坡时间", "新加坡時間", "Singapore time", "シンガポール時間"],
    "Asia/Tokyo": ["日本时间", "日本時間", "Japan time", "日本時間"],
]

private func zoneName(_ zone: TimeZone, at date: Date, language: Language) -> String {
    if let names = zoneNames[zone.identifier] {
        switch language {
        case .simplifiedChinese: return names[0]
        case .traditionalChinese: return names[1]
        case .japanese: return names[3]
        default: return names[2]
        }
    }
    let minutes = zone.secondsFromGMT(for: date) / 60
    guard minutes != 0 else { return "UTC" }
    let size = abs(minutes)
    let fraction = size % 60 == 0 ? "" : ":\(twoDigits(size % 60))"
    return "UTC\(minutes < 0 ? "-" : "+")\(size / 60)\(fraction)"
}

private func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

/// A moment taken apart in a zone, by the proleptic Gregorian calendar.
private struct WallClock {
    let year, month, day, hour, minute: Int
    /// Sunday is 0.
    let weekday: Int

    init(_ date: Date, timeZone: TimeZone) {
        let seconds = Int(date.timeIntervalSince1970.rounded(.down)) + timeZone.secondsFromGMT(for: date)
        let days = Int((Double(seconds) / 86_400).rounded(.down))
        let inDay = seconds - days * 86_400
        hour = inDay / 3600
        minute = inDay / 60 % 60
        weekday = ((days + 4) % 7 + 7) % 7
        // Years begin in March here, so that the leap day is the last of the year; eras have 400 years.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }
}
