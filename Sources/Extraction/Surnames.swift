/// Chinese family names, to tell a name from another word of two to four characters.
///
/// Public fact: the most frequent family names as published by the Ministry of Public Security (全国姓名报告, name reports
/// 2018 to 2021), with the compound ones of the 百家姓, in simplified and traditional characters.
enum Surnames {
    static let single: Set<Unicode.Scalar> = Set(
        """
        王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧蕭程曹袁邓鄧许許傅沈
        曾彭吕呂苏蘇卢盧蒋蔣蔡贾賈丁魏薛叶葉阎閻余潘杜戴夏钟鐘鍾汪田任姜范方石姚谭譚
        廖邹鄒熊金陆陸郝孔白崔康毛邱秦江史顾顧侯邵孟龙龍万萬段雷钱錢汤湯尹黎易常武乔喬贺賀赖賴龚龔文庞龐樊兰蘭殷施陶
        洪翟安颜顏倪严嚴牛温溫芦季俞章鲁魯葛伍韦韋申尤毕畢聂聶丛焦向柳邢路岳齐齊梅莫庄莊
        辛管祝左涂塗谷祁时時舒耿牟卜詹关關苗凌费費纪紀靳盛童欧歐甄项項曲成游阳陽裴席卫衛查屈鲍鮑位覃霍翁隋植甘景薄单
        單包司柏宁寧柯阮桂闵閔解强強柴华華车車冉房边邊辜吉饶饒刁瞿戚丘古米池滕晋晉苑邬鄔
        臧畅暢宫宮来來嵺苟全褚廉简簡娄婁盖蓋符奚木穆党黨燕郎邸冀谈談姬屠连連郜晏栾欒郁商蒙计計喻揭窦竇迟遲宇敖糜鄢冷
        卓花仇艾蓝藍都巩鞏稽井练練仲乐樂虞卞封竺冼原官衣楚佟栗匡宗应應台巫鞠僧桑荆荊谌諶银銀
        扬明沙薄伏岑习習胥保和蔺藺
        """.unicodeScalars)

    /// Two characters each, as one number.
    static let compound: Set<UInt64> = Set(
        compoundNames.map { $0.unicodeScalars.reduce(0) { $0 << 32 | UInt64($1.value) } })

    private static let compoundNames: [String] = [
        "欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "夏侯", "皇甫", "尉迟", "尉遲", "公孙", "公孫", "慕容", "令狐", "宇文", "长孙", "長孫",
        "司徒",
        "司空", "东方", "東方", "独孤", "獨孤", "南宫", "南宮", "端木", "轩辕", "軒轅", "百里", "呼延", "申屠", "太史", "淳于", "钟离", "鍾離",
    ]
}
