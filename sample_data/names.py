"""Names to make up people of: first and last names from many places, combined by chance."""

PLAIN = str.maketrans("ãáàâäåçéèêëíïñóòôöøúüýłńśźžßæ", "aaaaaaceeeeiinooooouuylnszzsa", "' ")


def plain(name: str) -> str:
    """Return a name as it stands in an e-mail address."""
    return name.lower().translate(PLAIN)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST_NAMES = _words("""
Aaliyah Adaeze Ahmed Aiko Alejandra Amara Anders Anika Antoine Asha Beatriz Benoit Bianca
Callum Camila Chidi Daniela Dariusz Deepak Dmitri Elena Elif Emeka Fatima Femi Gabriela Giulia
Grace Hana Hassan Helena Hiroshi Imani Ingrid Isaac Ivana Jamal Jasmine João Jonas Julia Kareem
Keiko Kofi Kwame Laila Lars Leila Linh Lucía Luis Magda Malik Marcus Maria Mateo Mei Miguel
Mina Nadia Naomi Nia Nikhil Noor Olga Omar Oscar Paolo Patrice Petra Priya Rafael Rosa Ruth
Samir Sara Simone Sofia Tamar Tariq Tomás Uma Valeria Viktor Wanjiru Yara Yusuf Zainab Zoë
""")
LAST_NAMES = _words("""
Abara Adeyemi Almeida Alvarez Andersen Aoki Baptiste Barros Bauer Becker Bianchi Boateng Brandt
Calloway Carvalho Castillo Chandra Chen Cordero Costa Dang Delgado Diallo Dubois Eriksen
Estrada Farouk Ferreira Fischer Fofana Fontaine Garrick Goswami Haddad Halloran Hansen Hoang
Ibarra Ito Iyer Jansen Jovanovic Kamara Kapoor Keller Khoury Kimura Kowalska Lachance Lindqvist
Lopes Maguire Mahmoud Marchetti Mbeki Medina Mensah Moreau Moreno Mwangi Nakamura Navarro
Ndiaye Nguyen Novak O'Dell Okafor Okoye Olsen Ortega Osei Pacheco Papadakis Park Patel Pereira
Petrov Quintero Rahman Ramos Reyes Rinaldi Rojas Saito Salazar Santos Sato Schulz Sharma Silva
Sørensen Sow Suzuki Takeda Torres Traoré Tran Vasquez Vega Villanueva Wójcik Yamada Yilmaz
Zapata Zhou
""")
