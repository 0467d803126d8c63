/*
 * What is not said in any of our languages: other languages, and the signs of programs that people paste. It is learnt
 * as `none`, a line each, so that a word that looks like one of ours does not decide. Nothing of it is certain: these
 * lines are not kept as phrases.
 */
export const NOISE: readonly string[] = `
null undefined none nil nan void true false yes no on off
null undefined
undefined
null
true
false
nil
infinity nan
script script script
script alert javascript onerror onload onclick svg img src href iframe body style
script alert 1 script
script src http xss js script
javascript alert xss script
type text javascript script
img src x onerror alert document cookie
svg onload alert
select from where and or union drop table users insert into values
or 1 1
drop table users
echo ls cd rm rf sudo bash bin sh cat etc passwd home user root
ls al
bin sh
system exec eval print printf puts write require import export function return
eval print hello
kernel exit system
import os system
const let var function return class new this if else for while
git commit push npm install docker run
error exception stack trace at line
http https www com org net html php
version help
lorem ipsum dolor sit amet consectetur adipiscing elit
magna carta cum laude
the quick brown fox jumps over the lazy dog
roses are red violets are blue
to be or not to be that is the question
qwerty asdf zxcv
qwertyuiop
asdfghjkl
йцукен фыва
abc def ghi xyz
aaaa bbbb cccc
hola cómo estás qué tal amigo
buenos días quiero comprar una casa
dónde está la estación de tren por favor
gracias por todo hasta mañana
el perro come mucho y la niña juega en la calle
necesito un coche barato para viajar
qué hora es en madrid
mañana voy a la playa con mi familia
guten morgen wie geht es dir heute
ich möchte ein zimmer mieten bitte
wo ist der bahnhof und wann fährt der zug
das wetter ist schön und die sonne scheint
ich habe keine zeit und muss arbeiten
danke schön bis morgen auf wiedersehen
meine katze schläft auf dem sofa
kannst du mir bitte das salz geben
ich suche arbeit in berlin und eine kleine wohnung
wir wohnen in münchen und in hamburg
bonjour comment ça va aujourd'hui
je voudrais acheter du pain et du fromage
où est la gare s'il vous plaît
il fait beau et nous allons à la plage
merci beaucoup à demain
mon frère travaille dans une banque
je ne comprends pas ce que tu dis
le chat dort sur la chaise
buongiorno come stai tutto bene
vorrei una pizza e un bicchiere di vino
dove si trova la stazione
oggi fa molto caldo andiamo al mare
bom dia tudo bem com você
onde fica o mercado mais perto
eu gosto de futebol e de música
amanhã vou trabalhar cedo
dzień dobry jak się masz
gdzie jest dworzec i ile kosztuje bilet
dzisiaj jest ładna pogoda
dobrý den kde je nádraží
iyi günler bugün nasılsın
hava güzel denize gidelim
pazarda domates ne kadar
akşam yemeği için ne pişirelim
otobüs kaçta kalkıyor
yarın okula gitmiyorum çünkü tatil
bu elbise bana çok yakıştı
god morgon hur mår du
goedemorgen hoe gaat het met jou
selamat pagi apa kabar
habari za asubuhi rafiki
xin chào bạn khỏe không
magandang umaga kumusta ka
labas rytas kaip sekasi
bună ziua ce mai faci
καλημέρα τι κάνεις σήμερα
добар дан како сте данас
dobré ráno ako sa máš
tere hommikust kuidas läheb
hyvää huomenta mitä kuuluu
`
  .trim()
  .split('\n');
