/* Words about people, law, feelings and all other things, see concepts.ts for the form. */
export const LIFE = `
blood: кров қон хун blood вен пальц палец | қан канды хун хуни
stranger: иностран мигрант chet шетел хориҷ хорич foreign гражданств fuqaro азамат жаран шаҳрванд citizen
deport: депорт высл выдвор выгон haydab чиқариб шығарып кууп айдап бадарға ронд expel kick запрет ban въезд
  entry въехат въезжат enter kirish кірсе кире кирүү даромад border границ чегара шекара чек сарҳад нежелат
  impossible реестр removal вышлют jo'nat қайтар бармегард баргард reenter undesirab аннулир cancel бекор
boss: начальник работодат шеф босс employer директор xo'jayin қожайын кожоюн хуҷаин хучаин хочаин бастық
  башчы ишчи рохбар rahbar бригадир прораб
work: работ ishla жұмыс жумуш job work труд вакан завод стройк | ish ишдан ишга кор кори кору корам
fire: увол fired sack dismiss bo'shat haydash шығар чыгар пеш озод сокращ
tell: рассказ расскаж скаж сказал сообщ узна ayt гуфт мегӯ гӯяд хабар tell told find out disclose learn know
  билиб біліп фаҳмад фахмид разглаш
family: семь родн родител мама мать отец брат сестр oila онам отам отбасы туған family mother father brother
  sister parents падар модар aka ука | ота она уул
spouse: муж жена жене жену супруг партнер парень девушк erim xotin күйеу күйөө әйел аял шавҳар занам завҷ
  завч husband wife boyfriend girlfriend sherig серік өнөктөш шарик ayol | er erim eri хотиним зан занам
police: полиц мент милиц cop миршаб мелиса мвд
detain: задерж арест забрал посад тюрьм колони сизо спецприем detained jail prison custody қама ұстап кармап
  ushla дастгир гириф зиндон бозшт ҳабс турм
permit: патент рвп внж виз вид разрешен permit visa residence рухсат рұқсат уруксат иҷозат ичозат иқомат
  yashash гражданств квот миграц migrat
law: закон юрист адвокат прав law legal right huquq құқық укук заң қонун мыйзам sud court | суд
complain: жалоб жаловат отказал отказыв откаж refuse deny shikoyat шағым арыз даттан рад қабул оскорб унизил
  нагруб грубо haqorat кемсіт қорла кордо таҳқир дискримин
partner-tell: обязан должен must oblig majbur shart міндет милдет мачбур ответств статья жавобгар
slave: забрал отобрал отнял принужд заставл took tortib тартиб қойған alib олиб алып мачбурӣ раб forced
  slave traffick қул ғулом продали sold фурӯхт торговл savdo хозяин боев бордел притон вебкам обманом aldab
  алдап фиреб locked запер запир камап куғұл mahrum
asylum: убежищ беженец asylum refugee boshpana баспана паноҳ қочқин гуреза
person: человек живой оператор консульт специалист odam адам human person counsel mutaxassis маман адис
  мушовир maslahat кеңес кеңеш машварат somebody someone anybody кимдир біреу бирөө касе real соцработник
  равный психолог
talk: поговор говор разговор общат сөйлес сүйлөш гап сӯҳбат talk speak chat поболтат
phone: телефон позвон звон номер горяч лини қўнғироқ қоңырау чал занг phone call number hotline helpline
  raqam нөмір номур
help: помог помощ yordam көмек жардам ёрӣ кумак мадад help sos
suf-without:
yesterday: вчера сегодня ночью только что час назад kecha кеше кечээ bugun бүгін имрӯз дирӯз имшаб дишаб
  yesterday today tonight hour сейчас hozir қазір азыр ҳоло недавно позавчер soat сағат саат ago олдин бұрын
  мурун мурда пеш
longago: месяц полгода год лет month year давно жыл моҳ avval ancha көптен илгари | yil жыл сол соли oy
want: хочу хочется хотел want wanna xohla istay мехоҳам мехоам moqchi келади келяпти gim нужн нужен керак
  керек даркор лозим need надо | келеді келет
notwant: нехочу kelmay келмейді келбейт намехоҳам намехоам don't doesn't cannot can't not never | не
live: жить жизн живу yasha жаша өмір өмүр зинда life live living alive hayot умр зист
die: умер умру умират смерт сдох помер ўлим ўлгим o'lay өлгум өлсем өлсө өлүм мурд мемирам мурам марг мирам
  die death dead dying суицид самоубий худкуш o'zini | o'l
kill: убит убью убьет зарез задуш повес повеш покончит вскры порезал порезат вены kill murder hang cut
  o'ldir өлтір өлтүр куш мекуш овезон osaman асыл асын асып дарк қасд кыям жұмса | кушам кушанд
meaning: смысл незачем зачем reason point sense мән
tired: устал надоел сил tired enough чарча шаршад тажа безор to'ydim монда дилгир хаста | сил сер
beat: бьет бьёт бьют избив избил ударил побои побил бил kaltak сабай сабап сабад мезан лату кӯб beat hit
  abus violen насили зўравон душил threaten угрож таҳдид қорқыт коркут дӯғ pichoq knife нож таяқта дубас
  пинает тепкіле төмпеште тумпешт муштлаш урып соққы бие колотит choking strangl тұншық тунчукт муунт буғӣ
  қийна azobla азапта шиканҷа torture пытают пытк мучает издева glum | бил ur ura урады урди urib урат урып
  зад
fear: бою страх страшно испуг qo'rq метарс тарс scared afraid fear worry
what: что nima деген эмне чист what who kim қандай qanaqa канча кадом как how difference разниц farq айырма
  | чт что не чӣ
data: данн ma'lumot мәлімет дерек маалымат data info номер имя личн персонал privacy приватн конфид конфед
  kompiu хранил сервер база базе collect собирае gdpr consent согласие
delete: удал стер сотри очист уничтож o'chir өшір өчүр нест пок ҳазф delete erase remove forget wipe clear
  забуд unut
hide: спряч скрой скрыт спрят yashir жасыр жашыр пинҳон hide убери
store: хран сохран записыв saqla сақта нигоҳ store save keep log record
read: чита прочит видит увид кто yozgan ko'r окуй ўқи мехонад мебинад read who kim | see ки
msgs: сообщ перепис чат xabar хат кат паём сӯҳбат message conversation yozishma
language: язык til забон language узбек таджик казах англ орыс орус ozbek ruscha rus тоҷик точик кирг қазақ
  english tajik инглиз ағылшын inglis | тіл тілі тилда
change: поменя смени измени переключ almashtir ауыстыр иваз дигар o'zgartir өзгерт change switch другой
  boshqa басқа башка other
menu: меню мәзір menu главн bosh басты башкы раздел списк тем asosiy негізгі sahifa начал выбор topics
  options features функци умее имкониятлар
hello: здрав здрас добрый доброе салам салом сәлем ассал hello hey good morning evening хайр алейкум alaykum
  ало hallo здаров прив дароу субх утро вечер қайырлы кутман қалай kandai yaxshimisiz dorova | hi ку
thanks: спасиб благодар rahmat рахмет ыракмат thank ташаккур okay ладно хорошо понял понятно ясно окей xo'p
  болди жарайт жақсы макул майли хуб fine great cool дуо | ок
restart: сначала начало заново обратно back qayta boshi басын башын сар again restart
money: деньг перевод перевест ақша акча pul карт bank курс доллар рубл сум сом тенге валют currency exchange
  западн кредит қарз қарыз
weather: погод obhavo ҳаво weather дожд снег жара жаңбыр жамгыр yomg'ir борон шамол жел бурон ветер rain
  snow wind storm hot sunny тепло холодн прогноз forecast градус
job: вакан подработк заработ курьер водител такси taxi haydovchi жүргізуші ронанда driver
ticket: билет авиабил рейс поезд самолет flight ticket train автобус samolyot
house: квартир комнат аренд ижар пәтер батир снять жиль общежит rent room apartment hostel
sport: футбол матч сыграл чемпион игра football game кино фильм сериал песн музык movie song music турнир
  tournament кубок cup тренировк зал фитнес gym barselon madrid бокс ufc палван wrestling chess шахмат
  шаҳмот | mma
food: рецепт плов palov ovqat тамақ хӯрок recipe cook ресторан кафе манты самса | ош
headache: голов давлен зуб живот просту грипп ковид кашель диабет сахар температур tish тіс дандон headache
  tooth flu cold pressure | зуб
school: школ университет экзамен математ урок институт maktab мектеп exam school math university
sim: sim интернет мегафон билайн тариф wifi
love: люблю любовь познаком ko'raman севаман сүйемін сүйөм love marry знакомст
insult: дурак тупой идиот сука ahmoq ақымақ акмак ахмак stupid fool
spam: продам куплю продаю скидк акци реклам казино ставк крипт выигр лотере casino bitcoin earn sotiladi
  сатылады сатам sotaman
place: росси ресей moskv маскав мәскеу питер екатеринб новосиб казахст qozog'iston қазақстан қазоқистон
  узбекист o'zbekiston өзбекстан киргиз таджик tojikiston точикистон тәжік турци turkiya turkey польш poland
  дубай алмат астан шымкент бишкек ташкент toshkent самарканд бухар душанб худжанд хучанд хуҷанд куляб кӯлоб
  коре германи олмон russia moscow сургут тюмен | ош ошто ошда
name: имя имен фамил ism аты есім ном name аноним benom | номи
friend: друг подруг друзь знаком friend дос рафик ҷӯра чура ӯртоқ o'rtoq жолдош курбы tanish boyfriend
urgently: сроч быстр скоро немед urgent quick asap fast tez шошил зуд дарҳол фаврӣ сразу
bot: бот робот программ кнопк button tugma баскыч команд buyruq | бот бота боту
goodbye: прощ исчез уснуть проснут goodbye vanish disappear кеткім ketgim кеткиси сбежать хайрбод алвидо
  навсегда прости оставьте қоштас кечир uyg'onma оянба ойгонбо бедор | уйти
jump: прыг спрыг sekir tashla тастай партой мепарто jump bridge мост крыш балкон tomdan окна window деразa
  рельс | том
poison: яд отрав zahar заҳр poison overdos передоз наглот swallow уксус пачк | яд яда
cut: порез порежу лезв бритв вен cut razor blade wrist tomir тамыр раг бурид бурам мебурам кесем кесип kesam
  kesib кестім | режу
hang: повес петл верев hang rope noose osaman osib осил асам асылам асынам арқан арган овез овехт ресмон
  дарга вздерн виселиц удав
hopeless: выход тупик отчаян надежд депресс один никому никто ненуж конец плач hope alone lonely numb empty
  cry worthless burden end yolg'iz жалғыз танҳо umid үміт үмүт ноумед умед тушкун yig'la жыла гиря душа
  кайғы qayg'u азоб mech керексиз кераксиз ҳеч ешкім дунё дүние дүйнө dunyo
god: бог аллах худо құдай god намаз молит куран қуръон
heart: душ юрак жүрек жүрөк дил рӯҳ жаным joni ҷонам чонам heart soul | дил дилам
screen: экран screen дисплей скриншот yop jop exit
save-time: режим открыт open закрыт weekend выходн суббот воскрес график понедел
salary: зарплат oylik айлық маош salary wage pay тулов | зп
go: еду ехать поехать приехал уехать вернус съезд travel going барам барсам бару барып равам меравам рафт
  bor кет келдим омадам переехал move leave leaving return
stay: остат пребыв останов yashash stay reside қолиш живу turmiz турам жашайм истам меистам истиқомат
  резидент
tomorrow: завтра ertaga ертең пагоҳ фардо tomorrow
question: вопрос savol суроо question ask спрос sora сура пурс мепурс
group: групп сообществ равн guruh топ community нко фонд ташкилот ұйым уюм созмон organiz organis волонт
  volunt | ngo
connect: соедин свяж связат ула қос байланыс байланыш bog'la пайваст тамос connect contact reach позови
  chaqir шақыр даъват хон написать
answer: отвеч ответьте reply respond answers
confirm: обязат подтвержд rasmiy официал rasman mandatory required
court: суд сот статья статью modda бап берене қылмыс кылмыш ҷиноят чиноят criminal sue crime prosecut уголов
  жазо jail | суд суда
immigration: миграц migrat immigr уфмс фмс мвд гувм посольств embassy elchi елші консул жаран гражданк green
  прописк регистрац ro'yxatdan истиқомат оформ продл узайт ұзарт созу тамдид extend renew загран чегара
  таможн customs bojxona гумрук кеден
threat: угрож угроз шантаж blackmail threat tahdid коркут қорқыт метарсон разглас
slave-work: плантац ферм кирпич завод фабрик гишт кірпіш дехкон
refuse: отказ откаж refus denied rad bermay бермей бербей бербеди намедиҳ надод накард қабул қабыл | rad
discrim: дискрим kamsit кемсіт кемсинт қорла басынт таҳқир унизи оскорб insult humil ҳақорат нагруб хам
  стигм rude
bribe: взятк вымог bribe pora ришва
family-tell: мам отцу брату сестре ona ота | маме
reveal: разглаш утеч узнают известно баримиз bilsa білсе фаҳманд expose outed leak секретн тайн
adult: жигит igit қыз духтар парень девушк мужик guy girl boy man woman женщ | муж qiz
violence: насили violence abus агресс жесток синяк кулак удар пинал ногами душит замахив kick punch slap
  strangl choke stab tepki tepib тепт шапалак мушт мезананд занад лат хурдам калтак қаматы bo'g' буғди мууну
  буунту қылқын побег сбежал убежищ приют shelter escape
help-me: спас rescue save qutqar наҷот начот
diff: отлич разница difference farq айырма different | vs
future: впредь
see: увид вид ko'rad ko'ri көре көрүп көрө мебин бин sees visible view watching following monitor следят
  прослуш тыңда тингла spy hack взлом | see
who-you: kimsan кімсің зовут sizlar название
understand: поним tushun түсін мефаҳм намефаҳм фаҳм understand translat tarjim аудар котор тарҷума тарчума
  переве
write: пиши писать напиш yoz жаз навис write letters alphabet lotin латын кирил cyril шрифт
speak: говори gapir speak сөйле сүйлө
none-money: счёт кошел wallet zolot комисс western пополн обменн qarz rent зачисл
none-car: машин авто мошина car колес шин двигат guvohnoma haydovchilik ремонт tamir оңдоо жөндөу такси
  benzin gaz моторт велос трактор светофор штраф jarima чарима drive driving traffic parking wheel belt
  engine | газ
none-house: мебел холод стир trub общаг хозяйк ипотек furniture wash fridge pipe leak ижарага сдаю сдается
  участок zamin land door окно
none-goods: товар магазин рынок базар bozor дордой цум одежд обув куртк телеф айфон iphone samsung xiaomi
  ноут laptop компьют заряд батар battery wildberr вайлд ozon aliexpress оптом дешев arzon арзан sale скидк
  shop store clothes shoes libos кийим пойафзол
none-doc: нотари свидетел диплом снилс бланк анкет загс nikoh неке развод divorce wedding той тӯй свадьб
  свадеб | инн той
none-media: инста tiktok youtube ютуб канал подписк subscribe фото видео новост news yangilik анекдот joke
  шутк песн qo'shiq суруд kino сериал игра o'yin оюн бозӣ game парол password аккаунт account login скач
  download | ән ыр
none-nature: погод дожд солнц море река гор рыбалк fishing сад огород урожай корова овца қой гов гӯсфанд
  собак кошк dog cat animal лошад
none-food: мясо хлеб нон гӯшт го'шт суп каша чай choy tea coffee halal ресторан варить пирог торт | нон чай
none-body: нос спина почк buyrak бүйрек бөйрөк гурда ухо ушах ear hair волос соч прыщ аллерг перелом шея
  горло tomoq гулӯ вес худе похуд diet зрение kidney vitamin геморр ангин насморк бронх простуд зуком
  shamollash тұмау тумоо сасық
none-study: егэ курсы репетит учеб студент геометр физик dars сабоқ сабақ kitob кітап китеп omtihon imtihon
  емтихан сынак донишгоҳ доништан
none-job: сварщик строитель грузчик повар официант уборщ няня ошпаз кассир охран welder builder courier
  cleaner waiter loader требует резюме resume vakans | cv
none-time: календар праздник bayram мереке навруз ramazan ораза рӯза holiday newyear birthday туғилган | ид
none-weight: километр литр граммов height сантим | kg
selfharm: селфхарм роскомнадзор unalive suicid sucid худкушӣ самоуб ыздар өзүнө жанымды жанын
drown: утоп топлюс суға suvga дарё дарья daryo дэрё река реку өзен дайра drown cho'k
despair: кранты конец каюк предел грани краю срыв нервн сломал паник вахима изтироб бунбаст безысход бессмыс
  будущ future kelajak келечег болашақ ояндa fall apart breaking depress стресс стыд позор ұят шарм уялам
  shame ashamed
grave: могил похорон гроб қабр қабір мазор гӯр көр көмүл көміл dafn grave bury funeral coffin завещан
  vasiyat
knife: нож пичоқ пышақ бычак корд knife gun пистолет оруж автомат tayoq таяқ чӯб палк stick
authorities: государств правител власт government authorit hukumat өкімет өкмөт давлат мемлекет мамлекет fsb
  kgb гкнб кнб снб гумид minzdrav ministr вазорат vazirlik назорат бақылау көзөмөл prosecutor прокур
psych: псих равоншинос равонпизишк therapist counseling psychol
peer: равный community poz сообщ пациенск
live-person: живой живые живого жанды жандуу тирик jonli зинда live человеч
antibody: антител антиген antibod поколен generation
immune: иммун cd4 сд4 клетк hujayra жасуша нагрузк
side: побоч схем резист resist effects тошнит рвота vomit nausea қусу ko'ngil айн аллерг награнул
remote: дистанц удаленно заочн online онлайн masofa қашықт аралык арадан фосила гоибона remote телемед
recruiter: вербов посредник рекрут recruit обманул lied cheat kafil deceiv
persecute: преслед persecut таъқиб кугунт қуғын пайгирӣ war войн урущ soғыс согуш ҷанг чанг
injection: каботегр ленакап инъекц injectab
relatives: сноха келин внук внучк небере невара набира grandch grandson granddaugh свекров теща кайын bride
  жених невест groom fiance
midwife: акушер midwife obstet гинек перинат консультаци плод зародыш fetus foetus embryo схватк tug'ruqxona
  роддом төрөтк перзентхана
lifelong: пожизн lifelong forever умрбод якумр
reinfect: перезараз reinfect superinf
organs: печен почки jigar бауыр боор чигар liver kidneys
media: рекламн advert offer подпис subscribe акция bonus promo розыгр giveaway приз click bosing перейди
  ссылк link перешли репост обуна жазыл канал blog
tech: gpt чатгпт нейросет приложен apps ilova windows принтер эпиляц лазер epilat laser монтаж сантех
  plumber электрик electrician кондиц | app
farm: помидор огурц лук картошк картоп цемент арматур сеялк tomato potato onion tuxum tuxm жұмыртқа жумуртка
  яйц eggs | egg
other-illness: аппендиц ветрянк гастрит астм рак saraton қатерлі шишка онколог cancer tumor опухол
  алкоголизм инсульт инфаркт stroke тиф малярия корь шишик артрит ревмат простат геморр грыж хондроз остеох
  катаракт глаукома псориаз экзем chickenpox appendic measles asthma arthritis psoriasis mumps пневмон
  pneumon эпилеп тромб варик молочниц мигрень migraine стоматит гаймор sinus ковид грибок | рак рака
exam: ielts toefl дтм ент нцт орт айкью викторин кроссворд quiz crossword | iq
toxicity: мудак козел урод гандурас сволоч хуй нахуй пизд бля ёб ебан кот кут жалап жалаб далбаёб онаngни
  энеңди шешеңді модаратро падарлаънат idiot bastard asshole bitch loser
greeting-holiday: поздрав tabrik құттықта куттукта муборак congrat merry
distress-sos: sos помогит
counsel: кеңес кеңеш maslahat машварат advice совет
hotel: гостиниц отель mehmonxona конак
religion: мечет masjid мачит мешіт мечит church церк христ иисус jesus имам imom коран quran zakat закот
  жаннат рай дузах тозақ | ад
time-words: утром вечером полдень кечқурун кечинде саҳар эртелеп бегоҳ шом
border-cross: таможн customs gateway чемодан jomadon чамадон camadon жамадон luggage suitcase
partner-neg: дискорд серонег
sexpractice: минет орал анал куни римминг фистинг мастурб blowjob handjob
`;
