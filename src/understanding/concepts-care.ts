/* Words about tests, treatment, sex and bodies, see concepts.ts for the form. */
export const CARE = `
hiv: вич спид аитв аив oiv oits внмо житс жикс вирус infekt инфекц жұқпа | вич вича вичу вичом виче спид
  спида спидом шпид аив внм hiv aids бпнм
positive: положительн позитив плюс инфицирован заражен infected болен мусбат ijobiy поставили диагноз
  diagnos ташхиси chiqdi chiqibdi чықты баромад topilgan обнаруж нашли found выявил подтверд аныкталды
  aniqland топилд tasdiq ёфт табылды таптылар positiv реактив | оң
negative: отрицат negativ manfiy теріс терс
test: тест экспресс анализ провер tekshir тексер текшер санҷ санч санц ташхис обслед screening check
  диагностик самотест пцр pcr ифа иммуноблот tahlil kit набор lab муоина тафтиш скрининг полоск chiziq punkt
  кабинет
give: сдать сдач сдав сдам сдал topshir тапсыр тапшыр супор месупор месупур супурд submit
result: результат натиж натича жыйынтық жооб жавоб result answer ответ ready жауабы жыйынтыг чиқади мебарояд
  шығады чыгат барояд | готов
where: где куда адрес qayer қай куҷо кучо кудоч where manzil мекенжай дарег нишони суроғ near рядом ближайш
  яқин жақын наздик joy жер орын чой place location map улиц метро
center: центр markaz орталық борбор center клиник больниц шифохона kasalxona беморхона оорукана emxona
  емхана бейтапкана hospital кдц kdc диспансер speed кабинет доверия lab аурухан шифоха стационар поликлин |
  ссо
doctor: врач доктор инфекцион nurse медсестр фельдшер shifokor дәрігер доктур духтур табиб ҳаким лекар medic
  gyneco специалист | gp
pharmacy: аптек dorixona дәріхана дарыкана дорухона pharmacy drugstore
free: бесплатн bepul tekin тегін бекер акысыз ройгон free муфт
cost: сколько стоит цен стоим платн денег қанча пул нарх баға қанша тұрады турат cost price pay much чанд
  арзиш ақылы акылуу expensive дорог қиммат | баа
many: сколько канча қанша necha канака чанд many much long
days: день дней дни kun руз day сутк недел hafta апта жума week месяц моҳ month oydan | рӯз рӯзи oy
window: через после period окно window срок soon когда qachon қачан қашан кай when | кай
home: дом home uyda uyim uyga үйде үйдө хона ватан родин елге елден мекен | хонаи
self: сам myself yourself oʻzim өзүм худамро худро | self худам
cert: справк анықтама маълумотнома маалымкат медкнижк медкомисс комиссия сертификат
anon: аноним махфи жасырын жашыруун инкогнито confidential секрет сир пинҳон тайн құпия купуя
passport: паспорт шиноснома документ hujjat құжат хучат айди
hurt: бол og'ri ауыра оору дард hurt pain страшно
treat: лечен лечи лечусь терап davola емдел емдеу емін табобат муолиҷа муолича дарылоо дарыла treat therapy
  cure вылеч излеч | ем емі
pill: таблет лекарств препарат dori дәрі дору арв арт тенофов долутегр эфавир калетр med pill antiretro хаб
  | арт арв
run-out: кончил кончаю кончает законч заканчива остал остает tuga qolmad қолмай таусы бітті бітеді калмад
  түгөн бүттү калбад калган тамом тамум намонд run ran left last finish out последн oxirgi соңғы акыркы
  охирин | осталась
lost: потеря утерял украл забыл lost stolen forgot left yo'qot жоғалт жогот гум унут ұмыт ұрла уурд дуздид
  фаромӯш мондам qoldir оставил leave kalgan калип қалды дорогам сломал
miss-dose: пропуст пропускал missed skip ichmad ішпед ічпе нахурд прекрат бросил stopped to'xtat тоқтат
post: почт посылк отправ прислать пришл передат yubor жібер жөнөт фирист send mail posta передач ship
register: учет постановк встать регистр ro'yxat тіркел тіркеу каттоо каттал қайд register hisob есеп прикреп
start: начать начал начин begin start boshla баста башта сар оғоз just
get: получ взять дать берут купить куплю достать выда выпис take buy order receive pick obtain olish olsa
  ола olmo алам алса алгым алу алабы гирам мегир гирифта beril berad beris бериш бере берип дида диҳ медиҳ
  харид sotib сатып заказ доставк делив еткіз жеткіз жеткир расон | дают дадут дает get
buy: купить куплю buy sotib сатып харид продаж sold продают сотилад сатыла мефуруш
can: можно могу может можем нельз can could may possible allowed mumkin мүмкүн болот болобу bo'lad bo'lami
  мешав метавон сможет смогу вправе
if: если agar eger | if
insurance: омс полис страхов сугурт камсыз сақтанд insurance полюс квот
condom: презерватив призерватив презик гандон гондон кондом мүшеқап рифола резинк rubber резина капот чехол
condom-use: размер size надев надеть taqish киеді кийет мепӯш wear use смазк lubric раздают distrib
break: порва лопн слетел соскоч спал сполз yirt yoril жырт жарыл дарид кафид канд broke break tore torn
  burst slip чиқиб чығып снял рвется рваный айрыл tear rip cracked дыр teshi тесіл parval шикаст дарронд
  сӯрох пора
fell: слет слез соскоч сполз протек leaked fell slipped yechil чиқи чечилип шешіл сыпыр сыйрыл tushib түсіп
  түшүп ajraldi sirg'al баромадан
sex: секс sex трах переспал спал половой контакт связь близост жыныс aloqa қатынас катнаш жатты ұйықта хоб
  uxla ётдим чинс ҷинс занимал intercourse slept fuck минет орал анал кончил проститут puthurt путан индивид
  блуд бегона чужой бөтөн незнаком stranger | акт
sex-verb: пересп спал занимал yotdim yotgan yotib жатқан жатты slept хобид hooked fucked трахнул
without: без незащищ without unprotected himoyasiz қорғанысыз қорғансыз корголбогон корголбой беҳимоя
  бемухофизат | no бе не нет
without-cond: бесҳимоя незащищ unprotect raw bareback голым
rape: изнасил насил rape zo'rla зордук зорлық таҷовуз тачовуз номус зурлаб принуд force заставил мажбурла
  тронул домог
rape-more: надруг домогал приставал силой зӯр zo'rlik зомбулук зорлау nomus stealth принудил assault molest
  gang бехуш unconscious drugged naked
needle: игл иголк игола шприц укол кололс needle syringe shprits igna ине сӯзан sanchil кадал сайындык
  inject | ине инені
prick: укололась укололс воткн наступил sanch kirib кіріп халид stuck prick stab
share: общ один одним вместе делил пользовал бир bitta як share same used использован чужим чужой | як
pep: pep пкп постконтакт экстренн постэкспоз prophylaxis профилактик emergency | 72
emergency-pill: экстрен emergency kurs фавқул шұғыл шашыл өзгөчө фаври таъҷил тачил | 28
after: после кийин keyin соң баъд after оқибат
before: олдидан дейін чейин пеш before | до
prep: prep предконтакт преэкспоз трувад доконт dkp | прэп
protect: защит защищ предохран береч убереч избеж himoya қорға коргон муҳофизат пешгир нигоҳ protect prevent
  safe avoid безопас профилакт xavfsiz қауіпсіз коопсуз бехатар oldini алдын осторож ehtiyot ихтиёт абай сақ
  contracept предупрежд надёж reliab hygiene гигиен
transmit: зараз зараж передат передае подхват yuq жұға жұқ гузар мегузар сироят мегирад гирифт transmit
  spread catch get contract pass
transmit-how: путь способ way route yo'l жол роҳ орқали арқылы аркылуу
treated: неопредел нагрузк load вирусная сниж принимает aniqlanma yuklama жүктеме жүктөм опред дискордант
  serodiscord undetec supress подавл табылмай анықталмай табылба
pregnant: беремен homila жүкті екіқабат боюнда боюмда ikkiqat hamila ҳамл pregnan expecting ждем зачат
  планир conceiv womb матка abort выкидыш miscarr бачадон бордор тӯлғоқ толгак гинек узи ultrasound trimest
  | бойлуу бойлуумун узи
birth: рожать рожу родд рожден tug' босан төрө зоиш зоид таваллуд birth deliver labour labor кесарев ұрық
  перзентхана | туу
child: ребен дети детей малыш младен новорож дочь сына bola бала кӯдак фарзанд chaqaloq нәресте ымыркай
  навзод тифл child baby son daughter kid newborn infant перзент | сын болам бала балам
breast: груд кормит emiz эмчек шир сина breast milk сут молок | шири
vertical: onadan анадан энеден вертикал | анадан
symptom: симптом признак belgi аломат нишона sign температур сып лимфоузел
not-pass: поцел целов kiss комар chivin маса чиркей хомӯшак магас пашша москит mosquito посуд idish ыдыс
  зарф унитаз туалет ҳоҷат дәретхана даараткана toilet бассейн hovuz ҳавз рукопож руку полотен sochiq
  дастмол слюн so'lak сілекей шилекей луоб saliva чих кашл sneez cough dish spoon cup кружк ложк handshake
  hug обним бӯса o'pish өбіс сүйіс өбүш
disease: болезн болен болею заболев касал ауру оору бемор disease illness sick хвори | ill
vitality: выживаем прожив умирают исход стад stage bosqich саты баскыч мархила инкуб hasta immune иммунитет
history: статистик число процент percent foiz пайыз открыл происх откуд origin invent истори tarix history
hepatitis: гепатит hepat сифил гоноре хламид сузак std венер захм | иппп std sti зппп
vaccine: прививк вакцин emlash емлау эмдөө егу эмкун доҷу | екпе
tattoo: тату tattoo маникюр manicure пирсинг pierc стоматолог dentist салон парикмах бритв sartarosh
  шаштараз razor хатна обрезан
sexwork: проститут индивидуал путан салон сауна массаж клиент жезөкше сойку fohisha фоиша hooker escort
  brothel шлюх танфурӯш
stranger-person: незнаком случайн чужой чужая begona notanish бейтаныс ношинос stranger random unknown
  tinder tanishmagan
drunk: пьян напил бух выпил alcohol drunk mast mac arak спирт водк ичип drugged подмешал | мас
drug: наркот героин мефедрон соль крек drug heroin нашa гашиш мефа наркоман метадон methadone опиоид ozt
  озпт заместит
gay: геи gay msm анус транс lgbt лесб бисекс bachaboz | гей
eye: глаз рот рану рана слизист кўз чашм рӯй yuz бет ауыз даҳон лицо mouth wound открыт splash sachra шашыр
  чачыр пошид попал тегди тиди тиги | eye
inside: внутрь ichiga ичида ішіне ичине дохил дарун inside sperm semen cum came кончил | сперм
clean: чист очист toza тазала тазарт стерил
service: поддержк служб xizmat қызмет кызмат support service agent доверия ishonch сенім ишеним бовар хадам
  мададгор
`;
