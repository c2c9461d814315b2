/// Common characters that exist in one of the two Chinese scripts only.
///
/// Public facts: the pairs of the General List of Simplified Chinese Characters (简化字总表, State Language Commission,
/// 1986) as far as they are frequent in letters; characters that traditional text uses as well (后, 里, 面, 台) are left
/// out, because they tell nothing.
enum HanVariants {
    enum Form { case simplified, traditional, both }

    @inline(__always)
    static func form(of scalar: UInt32) -> Form {
        let index = Int(scalar) - 0x4E00
        guard index >= 0, index < 0x5200 else { return .both }
        switch table[index] {
        case 1: return .simplified
        case 2: return .traditional
        default: return .both
        }
    }

    private static let table: [UInt8] = {
        var table = [UInt8](repeating: 0, count: 0x5200)
        for (mark, text) in [(UInt8(1), simplified), (UInt8(2), traditional)] {
            for scalar in text.unicodeScalars where scalar.value >= 0x4E00 && scalar.value < 0xA000 {
                table[Int(scalar.value) - 0x4E00] = mark
            }
        }
        return table
    }()

    private static let simplified = """
        们这个国来时会为说对过发经问题间业务产现开关门车东见贝长书无从动员历电话号码联系邮订单货运费报价规
        应该实际样种类条项级组织结构设备机换转让认识记录计划证据请谢谢谁说读课试话语调谈论议评诉诊词译该详误诚询
        财账购贸质贵费资赔赚赠赞赶趋车轮轻载较输办协华卖买乐习乡农冲决况冻净减凤凭击则刚创别剂剑剧劝办务动励劲
        劳势勋匀区医协单卢卫厂厅历厉压厌厕厢县参双变叙叶号叹吗听启员响哑问啸喷嘱团园围图圆圣场坏块坚坛坝坞坟坠
        垄垒垦够头夺奋奖妆妇妈娱婴孙学宁宝实宠审宪宫宽宾寝对寻导寿将尔尘尝层属岁岂岗岛币师帐带帮库应庙废广异
        弃张弹强归录当忆忧怀态总恋恳恶悬惊惧惨惩惯愤愿戏战户扑执扩扫扬抚抛抢护报担拟拥择挂挡挤损换据掷摄撑撤
        敌数断无旧时显晓暂术机杀杂权条来杨极构枪柜标栈栋树样桥检楼横欢欧岁毕毁气汉汤沟没沪泪泽洁浅测济浏浓涂
        涛润涨渐渔温湾湿满滚滞滤灭灯灵灾炉炼点热爱爷状犹独狱献环现玛电画畅疗疯症监盖盘着睁码矿砖确碍礼祸离种
        积称稳穷窃竞笔笼筑简签粮紧红约级纪纯纸线练组细终绍经绑结绕给络绝统继续维绿综编缓缘缝缩缴网罗罚职联聪
        肃肠肤胀胁胆胜脑脱脸腾舰艺节范荐荣药获营虑虚虽补装览观规视觉触计订讨训议讯记讲许设访诉评试话询该详语
        误说请诸读课谁调谅谈谊谋谓谢贝负贡财责败货质贩购贮贯贴贵贷贸费贺资赏赔赖赵车轨软轴轻载较辅辆输辑边达
        迁过迈运还这进远违连迟适选递逻遗邓邮郑酱释针钟钢钱铁铃铜银链销锁锅错锋键镇镜长门闭问间闲闷闹闻阅队阳
        阴阵阶际陆陈险随隐难雾静韩页顶项顺须顾顿预领频题额颜风飞饭饮饰馆马驱驳驶驾验骗鱼鲁鲜鸟鸡鸣麦黄齐齿龙龟
        """
    private static let traditional = """
        們這個國來時會為說對過發經問題間業務產現開關門車東見貝長書無從動員歷電話號碼聯繫絡郵訂單貨運費報價規
        應該實際樣種類條項級組織結構設備機換轉讓認識記錄計劃證據請謝誰讀課試語調談論議評訴診詞譯詳誤誠詢
        財帳購貿質貴費資賠賺贈贊趕趨輪輕載較輸辦協華賣買樂習鄉農衝決況凍淨減鳳憑擊則剛創別劑劍劇勸勵勁
        勞勢勳勻區醫盧衛廠廳厲壓厭廁廂縣參雙變敘葉嘆嗎聽啟響啞嘯噴囑團園圍圖圓聖場壞塊堅壇壩塢墳墜
        壟壘墾夠頭奪奮獎妝婦媽娛嬰孫學寧寶寵審憲宮寬賓寢尋導壽將爾塵嘗層屬歲豈崗島幣師帶幫庫廟廢廣異
        棄張彈歸當憶憂懷態總戀懇惡懸驚懼慘懲慣憤願戲戰戶撲執擴掃揚撫拋搶護擔擬擁擇掛擋擠損擲攝撐
        敵數斷舊顯曉暫術殺雜權楊極槍櫃標棧棟樹橋檢樓歡歐畢毀氣漢湯溝沒滬淚澤潔淺測濟瀏濃塗
        濤潤漲漸漁溫灣濕滿滾滯濾滅燈靈災爐煉點熱愛爺狀猶獨獄獻環瑪畫暢療瘋監蓋盤睜礦磚確礙禮禍離
        積稱穩窮竊競筆籠築簡簽糧緊紅約紀純紙線練細終紹綁繞給絕統繼續維綠綜編緩緣縫縮繳網羅罰職聰
        肅腸膚脹脅膽勝腦脫臉騰艦藝節範薦榮藥獲營慮虛雖補裝覽觀視覺觸討訓訊講許訪
        諸諒誼謀謂負貢責敗販貯貫貼貸賀賞賴趙軌軟軸輔輛輯邊達
        遷邁還進遠違連遲適選遞邏遺鄧鄭醬釋針鐘鋼錢鐵鈴銅銀鏈銷鎖鍋錯鋒鍵鎮鏡閉閒悶鬧聞閱隊陽
        陰陣階陸陳險隨隱難霧靜韓頁頂順須顧頓預領頻額顏風飛飯飲飾館馬驅駁駛駕驗騙魚魯鮮鳥雞鳴麥黃齊齒龍龜
        臺灣於後裡麼麵隻嚴個傳價優億儀僅僑倉側偵傷傭
        """
}
