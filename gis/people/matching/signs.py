"""Characters of names in one form: traditional as simplified, full width as half width, no blanks, no dots."""

import unicodedata

import pandas as pd

from gis.people.matching.columns import respelt

#: Traditional and old forms in names; what is not here still has the same sound as its simplified form.
_PAIRS = (
    "張张陳陈劉刘楊杨趙赵黃黄吳吴孫孙馬马羅罗鄭郑謝谢韓韩馮冯於于蕭萧許许鄧邓葉叶蘇苏盧卢蔣蒋賈贾閻阎呂吕"
    "範范龍龙陸陆萬万錢钱湯汤賴赖龔龚龐庞嚴严顧顾郝郝邱邱駱骆聶聂齊齐莊庄譚谭韋韦鄒邹鍾钟鐘钟莫莫岑岑溫温"
    "喬乔倪倪畢毕關关項项樊樊紀纪莘莘歐欧陽阳單单閔闵甄甄寧宁樂乐應应譙谯費费魯鲁衛卫鳳凤鮑鲍竇窦雲云滕滕殷殷"
    "羅罗麥麦藍蓝闞阚習习遲迟車车儲储鄔邬賀贺褚褚諸诸葛葛東东門门長长孫孙華华國国建建強强偉伟軍军衛卫紅红紀纪"
    "蘭兰鳳凤鳯凤麗丽靜静豔艳艷艳瓊琼貞贞瑩莹慶庆勝胜業业學学榮荣義义禮礼誌志傑杰賢贤寶宝興兴順顺貴贵財财發发"
    "達达運运遠远進进連连選选澤泽濤涛漢汉淵渊潤润澄澄濱滨滿满漣涟灝灏爾尔璽玺瑋玮環环瓏珑珮佩珺珺現现瑪玛"
    "聖圣聰聪聯联聲声職职肅肃脈脉臨临興兴舉举藝艺蓮莲蓋盖蔭荫蕓芸蘊蕴薔蔷虹虹蝦虾補补裝装覺觉親亲觀观訓训記记"
    "設设詩诗詠咏諾诺語语誠诚誼谊諒谅謙谦講讲識识譯译議议護护讚赞豐丰豫豫貝贝貞贞負负貫贯買买貿贸賓宾賞赏賦赋"
    "贊赞贏赢趕赶躍跃軒轩軟软載载輝辉輪轮輯辑轉转轟轰辦办農农邊边鄉乡鄰邻醫医釋释鈞钧鈺钰鉄铁鐵铁鉅钜銀银銅铜"
    "銘铭銳锐鋒锋鋼钢錄录錦锦錫锡鎖锁鎮镇鏡镜鑄铸鑒鉴鑑鉴鑫鑫閃闪開开閏闰間间閣阁閱阅闊阔隊队階阶際际隨随險险"
    "隱隐雙双雞鸡離离難难電电霽霁靈灵靚靓韌韧韻韵響响頁页頂顶頌颂預预領领頤颐頻频題题顏颜願愿顯显風风飛飞飄飘"
    "養养馨馨駿骏騰腾驊骅驍骁驕骄驥骥驚惊魚鱼鮮鲜鳥鸟鳴鸣鴻鸿鵬鹏鶴鹤鷹鹰鸞鸾麟麟黨党齡龄龜龟亞亚來来侖仑俠侠"
    "個个倫伦側侧傳传傾倾僑侨億亿優优儀仪儒儒兒儿兩两冊册凱凯別别則则剛刚創创劃划劍剑劑剂動动務务勛勋勳勋勁劲"
    "勵励勸劝區区協协參参叢丛員员問问啟启啓启喚唤嘯啸嚮向圍围園园圓圆圖图團团堅坚報报場场塵尘壯壮壽寿夢梦夾夹"
    "奮奋妝妆娛娱婭娅媛媛嫻娴嬌娇孌娈孝孝實实審审寬宽將将專专尋寻對对導导屆届層层嶺岭嶽岳島岛峽峡嵐岚巒峦帥帅"
    "師师帶带幣币幹干幾几庫库廣广廳厅張张彌弥彎弯彙汇徑径從从復复徵征德德恆恒悅悦惠惠愛爱慧慧憲宪應应懷怀戀恋"
    "戰战戲戏戶户捷捷揚扬換换搖摇擁拥擇择擎擎攝摄敏敏敘叙敵敌數数斌斌斕斓斷断時时晉晋晝昼暉晖暢畅曉晓曄晔曆历"
    "會会東东桿杆條条棟栋楓枫楨桢槍枪標标樁桩樓楼樣样樸朴樹树橋桥機机檔档檳槟櫻樱權权歐欧歡欢歲岁歷历殘残殿殿"
    "氣气決决沖冲沈沈淨净淺浅測测湧涌準准溝沟滄沧滅灭滌涤潔洁潛潜濃浓濟济瀅滢瀚瀚瀟潇瀾澜灣湾煒炜煙烟煥焕熱热"
    "燁烨燈灯燦灿燭烛營营爐炉爭争爺爷牆墙犧牺狀状獅狮獎奖獨独獻献瑤瑶璉琏瑣琐琺珐產产畢毕畫画異异當当療疗盡尽"
    "監监盤盘眾众睏困矚瞩碩硕確确禎祯禦御禪禅秋秋種种稱称穎颖穌稣積积穩稳窮穷竅窍竹竹筆笔節节築筑簡简籃篮粵粤"
    "糧粮紋纹納纳純纯紗纱紓纾級级紛纷素素紹绍終终組组結结絡络給给統统絲丝絹绢經经綜综綠绿維维綱纲綵彩綺绮綻绽"
    "綽绰綾绫綿绵緒绪緣缘編编緯纬練练縈萦縣县縱纵總总績绩繁繁織织繪绘繼继纓缨纖纤罡罡罷罢羣群習习翹翘耀耀肇肇"
    "陞升昇升峯峰喆喆玨珏珎珍淼淼堃堃晧皓暐炜鎧铠鎔镕鑰钥錚铮鏗铿錕锟鈴铃釗钊鈞钧銓铨鋆鋆銥铱閩闽闖闯闓闿頡颉頎颀"
    "頊顼顓颛颯飒驛驿駒驹馳驰馴驯駕驾騏骐騫骞驗验鯤鲲鰲鳌鷗鸥鵑鹃鸝鹂"
)
_FORMS = str.maketrans({old: new for old, new in zip(_PAIRS[::2], _PAIRS[1::2], strict=True) if old != new})
#: What stands between the parts of a name, or behind it without being of it: ·, •, ．, －, （, 1.
_BETWEEN = r"[\W\d_]+"
#: (曾用名…), （女）
_ASIDE = r"[(\[（【].*?(?:[)\]）】]|$)"


def in_one_form(texts: pd.Series) -> pd.Series:
    """Names as they are compared; "" for what holds no letter."""
    return respelt(texts, r"[一-鿿]{1,4}", _without_marks).map(lambda text: text.translate(_FORMS)).astype(object)


def _without_marks(texts: pd.Series) -> pd.Series:
    plain = texts.map(lambda text: unicodedata.normalize("NFKC", text)).str.replace(_ASIDE, "", regex=True)
    return plain.str.replace(_BETWEEN, "", regex=True).str.upper()
