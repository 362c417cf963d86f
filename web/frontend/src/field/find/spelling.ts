// One spelling for what people write, as the server has it (gis/places/address/spelling.py): tests/gis/places/search/
// field_cases.json holds both against the same cases.
const TRADITIONAL =
  `號樓棟單層區鎮鄉縣門東廣園灣莊長寧華龍鳳興陽陰漢濱濟雲貴鐵橋溝嶺島廟灘爾澤蘇蕪關瀋遼臺啟學醫廠場館廳開發業對邊側後裡裏車` +
  `馬魚鳥蘭葉萬國際實驗總術藝銀錢豐慶滬內綠藍紅黃圖書隊組衚衕壩順壽麗劉張趙孫吳陳楊羅鄭謝韓蔣寶榮賓遠運軍農電達財貿聯飛騰凱` +
  `麥樹橫縱進盧蕭歐職員線環築鐘錦綉繡輝儲團製藥絲網訊貝賢聖覺靜雙徑歲勝澗窯鳴鶴`;
const SIMPLE =
  `号楼栋单层区镇乡县门东广园湾庄长宁华龙凤兴阳阴汉滨济云贵铁桥沟岭岛庙滩尔泽苏芜关沈辽台启学医厂场馆厅开发业对边侧后里里车` +
  `马鱼鸟兰叶万国际实验总术艺银钱丰庆沪内绿蓝红黄图书队组胡同坝顺寿丽刘张赵孙吴陈杨罗郑谢韩蒋宝荣宾远运军农电达财贸联飞腾凯` +
  `麦树横纵进卢萧欧职员线环筑钟锦绣绣辉储团制药丝网讯贝贤圣觉静双径岁胜涧窑鸣鹤`;
const SIMPLER = new Map([...TRADITIONAL].map((letter, at) => [letter, [...SIMPLE][at]]));
const DIGITS: Record<string, number> = {
  零: 0, 〇: 0, "○": 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9,
  壹: 1, 贰: 2, 叁: 3, 肆: 4, 伍: 5, 陆: 6, 柒: 7, 捌: 8, 玖: 9,
};
const UNITS: Record<string, number> = { 十: 10, 拾: 10, 百: 100, 佰: 100, 千: 1000, 仟: 1000 };
const NUMERALS = [...Object.keys(DIGITS), ...Object.keys(UNITS)].join("");
const BEFORE = `(?:号(?!线)|栋|幢|座|单元|层|楼|室|户|组|队|排|弄|门(?=$|[\\s\\d${NUMERALS}东西南北室号\\-])|-\\d|#)`;
const NUMBER = new RegExp(`第([${NUMERALS}]+|\\d+)|(?<!\\d)([${NUMERALS}]+)(?=${BEFORE})`, "g");
const AFTER = new RegExp(`(?<=单元|号楼|栋楼|元 |楼 |.[层栋幢座#\\-])([${NUMERALS}]{2,5})(?=$|[^${NUMERALS}一-鿿])`, "g");

/** Half-width, simplified, lower case, numbers in Arabic digits, every dash a hyphen; blanks are one space. */
export function spell(text: string): string {
  const plain = [...text.normalize("NFKC")]
    .map((letter) => SIMPLER.get(letter) ?? letter)
    .join("")
    .toLowerCase()
    .replace(/[—–－―‐‑‒﹣~～〜_]/g, "-")
    .replace(/\s+/g, " ")
    .trim();
  const number = (_: string, first?: string, second?: string) => inDigits(first ?? second ?? "");
  let [before, after] = ["", plain];
  while (before !== after) [before, after] = [after, after.replace(NUMBER, number).replace(AFTER, number)];
  return after;
}

/** 二十三 → 23, 一百零五 → 105, 四〇二 → 402, 十二 → 12; digits stay. */
export function inDigits(numeral: string): string {
  if (/^\d+$/.test(numeral)) return numeral;
  if (![...numeral].some((letter) => letter in UNITS)) return [...numeral].map((letter) => DIGITS[letter]).join("");
  let total = 0;
  let waiting = 0;
  for (const letter of numeral) {
    if (letter in UNITS) {
      total += (waiting || (!total || UNITS[letter] === 10 ? 1 : 0)) * UNITS[letter];
      waiting = 0;
    } else waiting = waiting * 10 + DIGITS[letter];
  }
  return String(total + waiting);
}

/** The number alone: 03号楼, 3栋 and 三幢 → 3, B座 → b, 402室 → 402. */
export function bare(text: string): string {
  const plain = spell(text).replaceAll(" ", "");
  const shorter = plain.replace(/(?:号楼|#楼|栋楼|号院|单元|楼|院|栋|幢|座|门|层|室|户|房|号|#)$/, "") || plain;
  return shorter.replace(/^0+/, "") || shorter;
}
